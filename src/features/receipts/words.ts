import type { ReceiptLanguage } from '../../db/schema/words.ts';

/** The words of a printed receipt. */
interface Words {
  direction: 'rtl' | 'ltr';
  title: string;
  taxId: string;
  number: string;
  issued: string;
  order: string;
  customer: string;
  product: string;
  quantity: string;
  unitPrice: string;
  amount: string;
  vat: string;
  net: string;
  discount: string;
  deposits: string;
  delivery: string;
  total: string;
  paid: string;
  methods: Record<'CARD' | 'CREDIT', string>;
  creditNotes: string;
  remaining: string;
  reasons: Record<string, string>;
  vatIncluded: string;
}

export const WORDS: Record<ReceiptLanguage, Words> = {
  he: {
    direction: 'rtl',
    title: 'חשבונית מס קבלה',
    taxId: 'ח.פ. / ע.מ.',
    number: 'מספר',
    issued: 'תאריך',
    order: 'הזמנה',
    customer: 'לכבוד',
    product: 'פריט',
    quantity: 'כמות',
    unitPrice: 'מחיר ליחידה',
    amount: 'סכום',
    vat: 'מע״מ',
    net: 'לפני מע״מ',
    discount: 'הנחה',
    deposits: 'פיקדון',
    delivery: 'משלוח',
    total: 'סה״כ',
    paid: 'שולם',
    methods: { CARD: 'כרטיס אשראי', CREDIT: 'זיכוי בחנות' },
    creditNotes: 'חשבוניות זיכוי',
    remaining: 'סה״כ לאחר זיכויים',
    reasons: {
      CANCEL: 'ביטול הזמנה',
      MISSING: 'פריט חסר',
      AMENDMENT: 'שינוי ההזמנה',
      REPLACEMENT: 'תחליף זול יותר',
      DAMAGE: 'פריט פגום',
      STAFF: 'החזר מהחנות',
      CLAIM: 'פנייה של הלקוח',
      REFUND_FAILED: 'זיכוי שבוטל',
    },
    vatIncluded: 'המחירים כוללים מע״מ. על פיקדון אין מע״מ.',
  },
  en: {
    direction: 'ltr',
    title: 'Tax invoice and receipt',
    taxId: 'Tax ID',
    number: 'Number',
    issued: 'Date',
    order: 'Order',
    customer: 'Customer',
    product: 'Item',
    quantity: 'Qty',
    unitPrice: 'Unit price',
    amount: 'Amount',
    vat: 'VAT',
    net: 'Net',
    discount: 'discount',
    deposits: 'Deposits',
    delivery: 'Delivery',
    total: 'Total',
    paid: 'Paid',
    methods: { CARD: 'Card', CREDIT: 'Store credit' },
    creditNotes: 'Credit notes',
    remaining: 'Total after credit notes',
    reasons: {
      CANCEL: 'Order canceled',
      MISSING: 'Missing item',
      AMENDMENT: 'Change of the order',
      REPLACEMENT: 'Cheaper replacement',
      DAMAGE: 'Damaged item',
      STAFF: 'Refund by the shop',
      CLAIM: 'Your claim',
      REFUND_FAILED: 'Credit taken back',
    },
    vatIncluded: 'Prices include VAT. Deposits bear no VAT.',
  },
};
