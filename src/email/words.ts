import type { Language } from '../db/schema/words.ts';
import type { OrderStatus } from '../features/orders/statuses.ts';
import { ARABIC } from './words/arabic.ts';
import { ENGLISH } from './words/english.ts';
import { HEBREW } from './words/hebrew.ts';
import { RUSSIAN } from './words/russian.ts';

/** The reasons that the shop's own functions give `mail_refund`; any other is what staff wrote, and is shown as it is. */
export const REFUND_CAUSES = [
  'your claim',
  'items that were missing or replaced by cheaper ones',
  'items that were missing, weighed less or were replaced by cheaper ones',
] as const;
type RefundCause = (typeof REFUND_CAUSES)[number];

/** The words of mails in one language. Sentences begin in its script, which gives a paragraph its direction. Values are plain text: the template escapes them. */
export interface MailWords {
  language: Language;
  direction: 'ltr' | 'rtl';
  amount: (amount: string, currency: string) => string;
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
    causes: Record<RefundCause, string>;
    atTheBank: string;
    credit: string;
    partly: (credit: string) => string;
  };
}

const WORDS: Record<Language, MailWords> = { he: HEBREW, en: ENGLISH, ar: ARABIC, ru: RUSSIAN };

/** Customers who chose no language get English mails. */
export const mailWords = (language: Language | null | undefined): MailWords => WORDS[language ?? 'en'];
