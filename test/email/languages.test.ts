import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../src/db/schema/words.ts';
import { type EmailConfig, type Mail, mailPayload } from '../../src/email/mail.ts';
import { composeMail } from '../../src/email/templates.ts';
import { mailWords, REFUND_CAUSES } from '../../src/email/words.ts';
import { ORDER_STATUSES } from '../../src/features/orders/statuses.ts';

const config: EmailConfig = {
  apiKey: 'key',
  senderEmail: 'shop@mami.test',
  frontendBaseUrl: 'https://shop.mami.test/',
  appEnv: 'test',
};
const to = { email: 'dana@example.com', name: 'Dana' };
const order = { order_number: 'ORD-1', currency: 'ILS' };
const bought = {
  delivery_fee: '30.00',
  deposit_total: '1.20',
  items: [{ name: 'Milk', quantity: 2, line_total: '12.90' }],
};
const refunded = (params: object): Mail =>
  ({ kind: 'ORDER_REFUNDED', to, params: { ...order, amount: '12.90', ...params } }) as Mail;

/** Every kind of mail, with all that it can say. */
const MAILS: [string, Mail][] = [
  ['reset', { kind: 'PASSWORD_RESET', to, params: { token: '7391', full_name: 'Dana', expires_minutes: 30 } }],
  ['code', { kind: 'REGISTRATION_OTP', to, params: { code: '0420', expires_minutes: 10 } }],
  ...[false, true].flatMap((is_reserved): [string, Mail][] => {
    const params = { ...order, ...bought, is_reserved, total_amount: '1242.90' };
    return [
      [`confirmed, reserved ${is_reserved}`, { kind: 'ORDER_CONFIRMED', to, params }],
      [`dearer, reserved ${is_reserved}`, { kind: 'ORDER_AMENDED', to, params: { ...params, added_amount: '20.00' } }],
      [
        `cheaper, reserved ${is_reserved}`,
        { kind: 'ORDER_AMENDED', to, params: { ...params, removed_amount: '9.00' } },
      ],
    ];
  }),
  ...ORDER_STATUSES.map((status): [string, Mail] => [
    status,
    { kind: 'ORDER_STATUS', to, params: { order_number: 'ORD-1', status } },
  ]),
  ['payment failed', { kind: 'PAYMENT_FAILED', to, params: { order_number: 'ORD-1' } }],
  ...REFUND_CAUSES.map((reason): [string, Mail] => [`refund for ${reason}`, refunded({ reason })]),
  ['refund as credit', refunded({ credit_amount: '12.90' })],
  ['refund in part as credit', refunded({ credit_amount: '2.90' })],
];

function sent(mail: Mail, language: Language | null) {
  const { content } = composeMail({ ...mail, to: { ...to, language } } as Mail, config);
  if ('templateId' in content) throw new Error('A template was used');
  return content;
}

/** Its sentences, without what is the same in every language. */
const ownWords = ({ subject, textContent }: ReturnType<typeof sent>) =>
  `${subject}\n${textContent}`.replace(/https?:\S+|ORD-1|ILS|Dana|Milk|Mami Supermarket/g, '');

const SCRIPTS = { he: /[א-ת]/, ar: /[ء-ي]/, ru: /[а-яё]/i } as const;

describe.each(['he', 'ar', 'ru'] as const)('in %s', (language) => {
  it.each(MAILS)('%s: no word of English, and each sentence in its own script', (_, mail) => {
    const content = sent(mail, language);
    expect(ownWords(content)).not.toMatch(/[a-z]{2}/i);
    expect(content.subject).toMatch(SCRIPTS[language]);
    const direction = language === 'ru' ? '' : ' dir="rtl"';
    expect(content.htmlContent).toContain(`<html lang="${language}"${direction}>`);
    // dir="auto" takes the direction of a paragraph from its first letter.
    for (const [, text] of content.htmlContent.matchAll(/<(?:p dir="auto"|h1[^>]*)>(.*?)<\//g)) {
      expect(/\p{L}/u.exec(text!)?.[0]).toMatch(SCRIPTS[language]);
    }
  });

  it('says each thing differently', () => {
    const texts = MAILS.map(([, mail]) => ownWords(sent(mail, language)));
    expect(new Set(texts).size).toBe(MAILS.length);
  });
});

it('is English for those who chose none, and for outbox rows from before', () => {
  for (const [, mail] of MAILS) expect(sent(mail, null)).toEqual(sent(mail, 'en'));
  const [, confirmed] = MAILS[2]!;
  expect(mailPayload.parse(confirmed)).not.toHaveProperty('to.language');
});

it('has every language that a customer can choose', () => {
  expect(LANGUAGES.map((language) => mailWords(language).language)).toEqual([...LANGUAGES]);
});

describe('numbers', () => {
  const validity = (language: Language, minutes: number) => mailWords(language).code.validity(minutes);

  it.each([
    [1, '1 минуту'],
    [2, '2 минуты'],
    [5, '5 минут'],
    [11, '11 минут'],
    [21, '21 минуту'],
    [34, '34 минуты'],
    [60, '60 минут'],
  ])('%i minutes in Russian: %s', (minutes, text) => {
    expect(validity('ru', minutes)).toBe(`Код действует ${text}.`);
    expect(mailWords('ru').reset.validity(minutes)).toContain(`действует ${text}.`);
  });

  it.each([
    [0, '0 دقيقة'],
    [1, 'دقيقة واحدة'],
    [2, 'دقيقتين'],
    [3, '3 دقائق'],
    [10, '10 دقائق'],
    [11, '11 دقيقة'],
    [30, '30 دقيقة'],
    [100, '100 دقيقة'],
    [103, '103 دقائق'],
  ])('%i minutes in Arabic: %s', (minutes, text) => {
    expect(validity('ar', minutes)).toBe(`الرمز صالح لمدة ${text}.`);
    expect(mailWords('ar').reset.validity(minutes)).toContain(`خلال ${text}.`);
  });

  it.each([
    ['ru', '1\u00a0242,90\u00a0₪'],
    ['ar', '\u200f1,242.90\u00a0₪'],
    ['he', '1242.90 ILS'],
    ['en', '1242.90 ILS'],
  ] as const)('an amount in %s: %s', (language, text) => {
    const confirmed: Mail = { kind: 'ORDER_CONFIRMED', to, params: { ...order, total_amount: '1242.90' } };
    expect(sent(confirmed, language).textContent).toContain(text);
  });
});

describe('the reason of a refund', () => {
  const files = import.meta.glob<string>('../../src/features/**/sql/*.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  });

  it('is known in every language where a function of the database gives it', () => {
    const calls = Object.values(files).flatMap((text) => text.match(/perform mail_refund\([\s\S]*?;/g) ?? []);
    const given = calls.flatMap((text) => [...text.matchAll(/'([^']* [^']*)'/g)].map(([, reason]) => reason));
    expect([...new Set(given)].sort()).toEqual([...REFUND_CAUSES].sort());
  });

  it('is what staff wrote otherwise', () => {
    expect(sent(refunded({ reason: 'Broken eggs' }), 'ru').textContent).toContain('Причина: Broken eggs');
    expect(sent(refunded({ reason: 'toString' }), 'ru').textContent).toContain('Причина: toString');
  });
});
