import type { Language } from '../db/schema/words.ts';
import { type OrderStatus, STATUSES } from '../features/orders/statuses.ts';

/** The words of mails in one language. Values are plain text: the template escapes them. */
export interface MailWords {
  language: string;
  direction: 'ltr' | 'rtl';
  hello: (name: string) => string;
  ignore: string;
  reset: {
    subject: string;
    intro: string;
    link: string;
    code: (code: string) => string;
    validity: (minutes: number) => string;
  };
  code: { subject: string; code: (code: string) => string; validity: (minutes: number) => string };
  confirmed: {
    subject: (order: string) => string;
    thanks: (order: string) => string;
    deposits: (amount: string) => string;
    delivery: (amount: string) => string;
    total: (amount: string) => string;
    /** The amount is reserved, and taken once the order is ready. */
    reserved: (amount: string) => string;
  };
  amended: {
    subject: (order: string) => string;
    intro: (order: string) => string;
    total: (amount: string) => string;
    charged: (amount: string) => string;
    reserved: (amount: string) => string;
    refunded: (amount: string) => string;
    released: (amount: string) => string;
  };
  failed: { subject: (order: string) => string; sentence: (order: string) => string; advice: string };
  status: {
    canceled: (order: string) => string;
    news: (order: string) => string;
    sentence: (order: string, status: OrderStatus) => string;
  };
  refund: {
    subject: (order: string) => string;
    sentence: (amount: string, order: string) => string;
    reason: (reason: string) => string;
    atTheBank: string;
    credit: string;
    partly: (credit: string) => string;
  };
}

const ENGLISH: MailWords = {
  language: 'en',
  direction: 'ltr',
  hello: (name) => `Hello ${name},`,
  ignore: 'If you did not ask for this, you can ignore this mail.',
  reset: {
    subject: 'Reset your password',
    intro: 'You asked to reset your password. Choose a new one here:',
    link: 'Choose a new password',
    code: (code) => `Or enter this code: ${code}`,
    validity: (minutes) => `It works once, for ${minutes} minutes.`,
  },
  code: {
    subject: 'Your registration code',
    code: (code) => `Your code is ${code}`,
    validity: (minutes) => `It is valid for ${minutes} minutes.`,
  },
  confirmed: {
    subject: (order) => `Your order ${order} is confirmed`,
    thanks: (order) => `Thank you, we have received your order ${order}.`,
    deposits: (amount) => `Deposits: ${amount}`,
    delivery: (amount) => `Delivery: ${amount}`,
    total: (amount) => `Total paid: ${amount}`,
    reserved: (amount) => `Total: ${amount}, reserved now and taken when your order is ready`,
  },
  amended: {
    subject: (order) => `Your order ${order} has changed`,
    intro: (order) => `We have changed your order ${order} as you asked. It is now:`,
    total: (amount) => `Total: ${amount}`,
    charged: (amount) => `${amount} more are charged to your card.`,
    reserved: (amount) => `${amount} more are reserved, and taken when your order is ready.`,
    refunded: (amount) => `${amount} less: they will be paid back to you.`,
    released: (amount) => `${amount} less: they will not be taken.`,
  },
  failed: {
    subject: (order) => `Your order ${order} needs another card`,
    sentence: (order) => `Your bank did not let us take the payment for your order ${order}.`,
    advice: 'Choose another card in your order before its delivery begins; without one we have to cancel it.',
  },
  status: {
    canceled: (order) => `Your order ${order} is canceled`,
    news: (order) => `News of order ${order}`,
    sentence: (order, status) => `Your order ${order} ${STATUSES[status].mail}.`,
  },
  refund: {
    subject: (order) => `A refund for order ${order}`,
    sentence: (amount, order) => `We have refunded ${amount} for your order ${order}.`,
    reason: (reason) => `Reason: ${reason}`,
    atTheBank: 'It takes a few days until your bank shows it.',
    credit: 'It is store credit now: spend it on your next order.',
    partly: (credit) => `${credit} of it are store credit now. It takes a few days until your bank shows the rest.`,
  },
};

const HEBREW_STATUSES: Record<OrderStatus, string> = {
  CREATED: 'התקבלה',
  IN_PROGRESS: 'בליקוט',
  READY: 'מוכנה',
  OUT_FOR_DELIVERY: 'בדרך אליכם',
  DELIVERED: 'נמסרה',
  CANCELED: 'בוטלה; מה ששולם יוחזר',
  DELAYED: 'מתעכבת; אנחנו מצטערים, ונעדכן ברגע שתתקדם',
  MISSING: 'כוללת מוצרים שלא מצאנו; אנחנו מטפלים בזה',
};

const HEBREW: MailWords = {
  language: 'he',
  direction: 'rtl',
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
    charged: (amount) => `${amount} נוספים חויבו בכרטיס.`,
    reserved: (amount) => `${amount} נוספים שמורים כעת וייגבו כשההזמנה תהיה מוכנה.`,
    refunded: (amount) => `${amount} פחות: הסכום יוחזר אליכם.`,
    released: (amount) => `${amount} פחות: הסכום לא ייגבה.`,
  },
  failed: {
    subject: (order) => `הזמנה ${order} זקוקה לכרטיס אחר`,
    sentence: (order) => `הבנק לא אפשר לנו לגבות את התשלום עבור הזמנה ${order}.`,
    advice: 'אפשר לבחור כרטיס אחר בהזמנה לפני תחילת המשלוח; בלעדיו ניאלץ לבטל אותה.',
  },
  status: {
    canceled: (order) => `הזמנה ${order} בוטלה`,
    news: (order) => `עדכון להזמנה ${order}`,
    sentence: (order, status) => `הזמנה ${order} ${HEBREW_STATUSES[status]}.`,
  },
  refund: {
    subject: (order) => `החזר עבור הזמנה ${order}`,
    sentence: (amount, order) => `החזרנו ${amount} עבור הזמנה ${order}.`,
    reason: (reason) => `סיבה: ${reason}`,
    atTheBank: 'יעברו כמה ימים עד שההחזר יופיע בחשבון.',
    credit: 'הסכום זוכה לארנק שלכם בחנות, לשימוש בהזמנה הבאה.',
    partly: (credit) => `מתוכם ${credit} זוכו לארנק שלכם בחנות. יעברו כמה ימים עד שהיתר יופיע בחשבון.`,
  },
};

/** Mails are written in Hebrew and English; customers of other languages get the English ones. */
export const mailWords = (language: Language | null | undefined): MailWords => (language === 'he' ? HEBREW : ENGLISH);
