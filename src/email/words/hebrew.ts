import type { OrderStatus } from '../../features/orders/statuses.ts';
import type { MailWords } from '../words.ts';

const STATUSES: Record<OrderStatus, string> = {
  CREATED: 'התקבלה',
  IN_PROGRESS: 'בליקוט',
  READY: 'מוכנה',
  OUT_FOR_DELIVERY: 'בדרך אליכם',
  DELIVERED: 'נמסרה',
  CANCELED: 'בוטלה; מה ששולם יוחזר',
  DELAYED: 'מתעכבת; אנחנו מצטערים, ונעדכן ברגע שתתקדם',
  MISSING: 'כוללת מוצרים שלא מצאנו; אנחנו מטפלים בזה',
};

export const HEBREW: MailWords = {
  language: 'he',
  direction: 'rtl',
  amount: (amount, currency) => `${amount} ${currency}`,
  hello: (name) => `שלום ${name},`,
  ignore: 'אם לא ביקשתם זאת, אפשר להתעלם מהודעה זו.',
  reset: {
    subject: 'איפוס הסיסמה',
    intro: 'ביקשתם לאפס את הסיסמה. אפשר לבחור סיסמה חדשה כאן:',
    link: 'בחירת סיסמה חדשה',
    code: (code) => `או להזין את הקוד: ${code}`,
    validity: (minutes) => `הקוד תקף לפעם אחת, למשך ${minutes} דקות.`,
  },
  code: {
    subject: 'קוד ההרשמה שלכם',
    code: (code) => `הקוד שלכם הוא ${code}`,
    validity: (minutes) => `הקוד תקף ל-${minutes} דקות.`,
  },
  confirmed: {
    subject: (order) => `הזמנה ${order} אושרה`,
    thanks: (order) => `תודה, קיבלנו את הזמנה ${order}.`,
    deposits: (amount) => `פיקדונות: ${amount}`,
    delivery: (amount) => `משלוח: ${amount}`,
    total: (amount) => `סך הכול שולם: ${amount}`,
    reserved: (amount) => `סך הכול: ${amount}, שמורים כעת וייגבו כשההזמנה תהיה מוכנה`,
  },
  amended: {
    subject: (order) => `הזמנה ${order} עודכנה`,
    intro: (order) => `עדכנו את הזמנה ${order} כבקשתכם. כעת היא כוללת:`,
    total: (amount) => `סך הכול: ${amount}`,
    charged: (amount) => `הכרטיס חויב בעוד ${amount}.`,
    reserved: (amount) => `שמרנו עוד ${amount}, שייגבו כשההזמנה תהיה מוכנה.`,
    refunded: (amount) => `הסכום קטן ב-${amount}, שיוחזרו אליכם.`,
    released: (amount) => `הסכום קטן ב-${amount}, שלא ייגבו.`,
  },
  failed: {
    subject: (order) => `הזמנה ${order} זקוקה לכרטיס אחר`,
    sentence: (order) => `הבנק לא אפשר לנו לגבות את התשלום עבור הזמנה ${order}.`,
    advice: 'אפשר לבחור כרטיס אחר בהזמנה לפני תחילת המשלוח; בלעדיו ניאלץ לבטל אותה.',
  },
  status: {
    canceled: (order) => `הזמנה ${order} בוטלה`,
    news: (order) => `עדכון להזמנה ${order}`,
    sentence: (order, status) => `הזמנה ${order} ${STATUSES[status]}.`,
  },
  refund: {
    subject: (order) => `החזר עבור הזמנה ${order}`,
    sentence: (amount, order) => `החזרנו ${amount} עבור הזמנה ${order}.`,
    reason: (reason) => `סיבה: ${reason}`,
    causes: {
      'your claim': 'הפנייה שלכם',
      'items that were missing or replaced by cheaper ones': 'מוצרים שחסרו או הוחלפו בזולים יותר',
      'items that were missing, weighed less or were replaced by cheaper ones':
        'מוצרים שחסרו, שקלו פחות או הוחלפו בזולים יותר',
    },
    atTheBank: 'יעברו כמה ימים עד שההחזר יופיע בחשבון.',
    credit: 'הסכום זוכה לארנק שלכם בחנות, לשימוש בהזמנה הבאה.',
    partly: (credit) => `מתוכם ${credit} זוכו לארנק שלכם בחנות. יעברו כמה ימים עד שהיתר יופיע בחשבון.`,
  },
};
