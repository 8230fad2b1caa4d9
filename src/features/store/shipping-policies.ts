import type { Language } from '../../db/schema/words.ts';

export interface ShopTerms {
  delivery_min: string;
  delivery_fee: string;
  minimum_order_total: string;
  currency: string;
  /** Service hours of the shop, "06:00". */
  opens_at: string;
  closes_at: string;
}

export interface Policy {
  key: 'delivery' | 'pickup' | 'returns';
  title: string;
  body: string;
}

/** The words of the policies in one language. */
interface Wording {
  titles: Record<Policy['key'], string>;
  freeDelivery: string;
  deliveryCost: (terms: ShopTerms) => string;
  slots: (terms: ShopTerms) => string;
  minimum: (terms: ShopTerms) => string;
  pickup: (terms: ShopTerms) => string;
  returns: string;
}

const ENGLISH: Wording = {
  titles: { delivery: 'Delivery', pickup: 'Pickup', returns: 'Cancellation and refunds' },
  freeDelivery: 'Delivery is free.',
  deliveryCost: ({ delivery_fee, delivery_min, currency }) =>
    `Delivery costs ${delivery_fee} ${currency} and is free from ${delivery_min} ${currency} upwards.`,
  slots: ({ opens_at, closes_at }) =>
    `We deliver in the two-hour slot you choose, between ${opens_at} and ${closes_at}.`,
  minimum: ({ minimum_order_total, currency }) => `The smallest order is ${minimum_order_total} ${currency}.`,
  pickup: ({ opens_at, closes_at }) =>
    'Picking up your order at a branch is free. It is ready two hours or more from the order, ' +
    `between ${opens_at} and ${closes_at}.`,
  returns:
    'You can cancel an order until we start to prepare it, and the whole payment is refunded. Items we do not have ' +
    'are refunded, and a replacement never costs you more than what you ordered. Refunds go to the payment method ' +
    'of the order.',
};

const HEBREW: Wording = {
  titles: { delivery: 'משלוח', pickup: 'איסוף עצמי', returns: 'ביטולים והחזרים' },
  freeDelivery: 'המשלוח חינם.',
  deliveryCost: ({ delivery_fee, delivery_min, currency }) =>
    `המשלוח עולה ${delivery_fee} ${currency}, והוא חינם בקנייה של ${delivery_min} ${currency} ומעלה.`,
  slots: ({ opens_at, closes_at }) => `אנחנו מגיעים בחלון של שעתיים לבחירתכם, בין ${opens_at} ל-${closes_at}.`,
  minimum: ({ minimum_order_total, currency }) => `הזמנה מינימלית: ${minimum_order_total} ${currency}.`,
  pickup: ({ opens_at, closes_at }) =>
    `איסוף ההזמנה מהסניף הוא ללא תשלום. ההזמנה מוכנה לאחר שעתיים לפחות, בין ${opens_at} ל-${closes_at}.`,
  returns:
    'אפשר לבטל הזמנה עד שמתחילים להכין אותה, וכל התשלום מוחזר. על מוצרים שחסרים יינתן החזר, ומוצר חלופי לעולם לא יעלה ' +
    'יותר מהמוצר שהוזמן. ההחזר ניתן לאמצעי התשלום של ההזמנה.',
};

const ARABIC: Wording = {
  titles: { delivery: 'التوصيل', pickup: 'الاستلام من الفرع', returns: 'الإلغاء واسترداد المبلغ' },
  freeDelivery: 'التوصيل مجاني.',
  deliveryCost: ({ delivery_fee, delivery_min, currency }) =>
    `تكلفة التوصيل ${delivery_fee} ${currency}، وهو مجاني للطلبات من ${delivery_min} ${currency} فما فوق.`,
  slots: ({ opens_at, closes_at }) => `نوصل الطلب خلال ساعتين تختارهما، بين ${opens_at} و-${closes_at}.`,
  minimum: ({ minimum_order_total, currency }) => `الحد الأدنى للطلب ${minimum_order_total} ${currency}.`,
  pickup: ({ opens_at, closes_at }) =>
    `استلام الطلب من الفرع مجاني. يكون الطلب جاهزًا بعد ساعتين على الأقل، بين ${opens_at} و-${closes_at}.`,
  returns:
    'يمكن إلغاء الطلب حتى نبدأ بتحضيره، ويُعاد المبلغ كاملًا. يُعاد ثمن المنتجات غير المتوفرة، ولا يكلّف المنتج البديل أكثر مما ' +
    'طلبته. يُعاد المبلغ إلى وسيلة الدفع التي استُخدمت في الطلب.',
};

const RUSSIAN: Wording = {
  titles: { delivery: 'Доставка', pickup: 'Самовывоз', returns: 'Отмена и возврат' },
  freeDelivery: 'Доставка бесплатна.',
  deliveryCost: ({ delivery_fee, delivery_min, currency }) =>
    `Доставка стоит ${delivery_fee} ${currency}; от ${delivery_min} ${currency} она бесплатна.`,
  slots: ({ opens_at, closes_at }) =>
    `Мы доставляем в выбранный вами двухчасовой интервал с ${opens_at} до ${closes_at}.`,
  minimum: ({ minimum_order_total, currency }) => `Минимальный заказ: ${minimum_order_total} ${currency}.`,
  pickup: ({ opens_at, closes_at }) =>
    `Самовывоз из филиала бесплатный. Заказ готов не раньше чем через два часа, с ${opens_at} до ${closes_at}.`,
  returns:
    'Заказ можно отменить, пока мы не начали его собирать: вся сумма возвращается. За отсутствующие товары деньги ' +
    'возвращаются, а замена никогда не стоит дороже заказанного. Возврат производится тем же способом, которым оплачен заказ.',
};

const WORDINGS: Record<Language, Wording> = { en: ENGLISH, he: HEBREW, ar: ARABIC, ru: RUSSIAN };

/** The shop's delivery terms as text; the main text is English. */
export function shippingPolicies(terms: ShopTerms, language: Language = 'en'): Policy[] {
  const words = WORDINGS[language];
  const minimum = isZero(terms.minimum_order_total) ? [] : [words.minimum(terms)];
  const delivery = [isFree(terms) ? words.freeDelivery : words.deliveryCost(terms), words.slots(terms), ...minimum];
  return [
    { key: 'delivery', title: words.titles.delivery, body: delivery.join(' ') },
    { key: 'pickup', title: words.titles.pickup, body: [words.pickup(terms), ...minimum].join(' ') },
    { key: 'returns', title: words.titles.returns, body: words.returns },
  ];
}

const isFree = ({ delivery_fee, delivery_min }: ShopTerms): boolean => isZero(delivery_fee) || isZero(delivery_min);

const isZero = (amount: string) => Number(amount) === 0;
