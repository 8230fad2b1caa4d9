import type { OrderStatus } from '../../features/orders/statuses.ts';
import type { MailWords } from '../words.ts';
import { counted, money } from './forms.ts';

/** After a preposition. */
const minutesOf = (minutes: number) =>
  counted(
    'ar',
    {
      zero: '# دقيقة',
      one: 'دقيقة واحدة',
      two: 'دقيقتين',
      few: '# دقائق',
      many: '# دقيقة',
      other: '# دقيقة',
    },
    minutes,
  );

const STATUSES: Record<OrderStatus, string> = {
  CREATED: 'تم استلامه',
  IN_PROGRESS: 'قيد التحضير',
  READY: 'جاهز',
  OUT_FOR_DELIVERY: 'في الطريق إليك',
  DELIVERED: 'تم تسليمه',
  CANCELED: 'أُلغي، وسيُعاد إليك ما دفعته',
  DELAYED: 'متأخر. نعتذر عن ذلك، وسنخبرك حالما يتقدّم',
  MISSING: 'فيه منتجات لم نجدها، ونحن نعالج الأمر',
};

export const ARABIC: MailWords = {
  language: 'ar',
  direction: 'rtl',
  // The digits of order numbers and codes, which are those that people in Israel write.
  amount: (amount, currency) => money('ar-u-nu-latn', amount, currency),
  hello: (name) => `مرحبًا ${name}،`,
  ignore: 'إذا لم تطلب ذلك، فيمكنك تجاهل هذه الرسالة.',
  reset: {
    subject: 'إعادة تعيين كلمة المرور',
    intro: 'طلبت إعادة تعيين كلمة المرور. يمكنك اختيار كلمة مرور جديدة هنا:',
    link: 'اختيار كلمة مرور جديدة',
    code: (code) => `أو أدخل هذا الرمز: ${code}`,
    validity: (minutes) => `يمكن استخدام الرمز مرة واحدة فقط، خلال ${minutesOf(minutes)}.`,
  },
  code: {
    subject: 'رمز التسجيل الخاص بك',
    code: (code) => `رمزك هو ${code}`,
    validity: (minutes) => `الرمز صالح لمدة ${minutesOf(minutes)}.`,
  },
  confirmed: {
    subject: (order) => `تم تأكيد طلبك ${order}`,
    thanks: (order) => `شكرًا لك، استلمنا طلبك ${order}.`,
    deposits: (amount) => `وديعة العبوات: ${amount}`,
    delivery: (amount) => `التوصيل: ${amount}`,
    total: (amount) => `إجمالي المبلغ المدفوع: ${amount}`,
    reserved: (amount) => `الإجمالي: ${amount}، محجوز الآن، وسيُخصم عندما يصبح طلبك جاهزًا`,
  },
  amended: {
    subject: (order) => `تم تعديل طلبك ${order}`,
    intro: (order) => `عدّلنا طلبك ${order} كما أردت. يشمل الآن:`,
    total: (amount) => `الإجمالي: ${amount}`,
    charged: (amount) => `خُصم من بطاقتك مبلغ إضافي: ${amount}.`,
    reserved: (amount) => `حُجز مبلغ إضافي: ${amount}، وسيُخصم عندما يصبح طلبك جاهزًا.`,
    refunded: (amount) => `انخفض الإجمالي بمقدار ${amount}، وسيُعاد هذا المبلغ إليك.`,
    released: (amount) => `انخفض الإجمالي بمقدار ${amount}، ولن يُخصم هذا المبلغ منك.`,
  },
  failed: {
    subject: (order) => `طلبك ${order} يحتاج إلى بطاقة أخرى`,
    sentence: (order) => `لم يسمح لنا البنك بتحصيل المبلغ عن طلبك ${order}.`,
    advice: 'يمكنك اختيار بطاقة أخرى في صفحة الطلب قبل بدء موعد التوصيل، وإلا فسنضطر إلى إلغاء الطلب.',
  },
  status: {
    canceled: (order) => `أُلغي طلبك ${order}`,
    news: (order) => `مستجدات طلبك ${order}`,
    sentence: (order, status) => `طلبك ${order} ${STATUSES[status]}.`,
  },
  refund: {
    subject: (order) => `استرداد مبلغ عن طلبك ${order}`,
    sentence: (amount, order) => `أعدنا إليك ${amount} عن طلبك ${order}.`,
    reason: (reason) => `السبب: ${reason}`,
    causes: {
      'your claim': 'الشكوى التي قدّمتها',
      'items that were missing or replaced by cheaper ones': 'منتجات لم تتوفر أو استُبدلت بأرخص منها',
      'items that were missing, weighed less or were replaced by cheaper ones':
        'منتجات لم تتوفر أو كان وزنها أقل أو استُبدلت بأرخص منها',
    },
    atTheBank: 'قد تمر بضعة أيام حتى يظهر المبلغ في حسابك البنكي.',
    credit: 'أصبح المبلغ رصيدًا لك في المتجر، ويمكنك استخدامه في طلبك التالي.',
    partly: (credit) => `أصبح منه ${credit} رصيدًا لك في المتجر. وقد تمر بضعة أيام حتى يظهر الباقي في حسابك البنكي.`,
  },
};
