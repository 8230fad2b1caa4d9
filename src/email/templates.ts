import type { EmailConfig, Mail } from './mail.ts';
import { type MailWords, mailWords, REFUND_CAUSES } from './words.ts';

/** The content of a request to Brevo: a template of the operator's account with parameters, or a composed mail. */
type MailContent =
  | { templateId: number; params: Record<string, string | number> }
  | { subject: string; textContent: string; htmlContent: string };

export interface BrevoMail {
  sender: { email: string; name: string };
  to: [{ email: string; name?: string }];
  content: MailContent;
}

const SHOP_NAME = 'Mami Supermarket';
const LONGEST_NAME = 70;

/** Builds the Brevo request of a mail. */
export function composeMail(mail: Mail, config: EmailConfig): BrevoMail {
  const name = oneLine(mail.to.name ?? '').slice(0, LONGEST_NAME);
  return {
    sender: { email: config.senderEmail, name: SHOP_NAME },
    to: [name ? { email: mail.to.email, name } : { email: mail.to.email }],
    content: contentOf(mail, config),
  };
}

function contentOf(mail: Mail, config: EmailConfig): MailContent {
  switch (mail.kind) {
    case 'PASSWORD_RESET':
      return passwordReset(mail, config);
    case 'REGISTRATION_OTP':
      return registrationOtp(mail, config);
    case 'ORDER_CONFIRMED':
      return orderConfirmed(mail);
    case 'ORDER_AMENDED':
      return orderAmended(mail);
    case 'ORDER_STATUS':
      return orderStatus(mail);
    case 'ORDER_REFUNDED':
      return orderRefunded(mail);
    case 'PAYMENT_FAILED':
      return paymentFailed(mail);
  }
}

type MailOf<K extends Mail['kind']> = Extract<Mail, { kind: K }>;

function passwordReset({ to, params }: MailOf<'PASSWORD_RESET'>, config: EmailConfig): MailContent {
  const query = new URLSearchParams({ email: to.email, token: params.token });
  const link = `${config.frontendBaseUrl.replace(/\/+$/, '')}/reset-password?${query}`;
  if (config.resetTemplateId !== undefined) {
    // Not escaped here: Brevo's template escapes its parameters.
    return { templateId: config.resetTemplateId, params: { ...params, reset_link: link } };
  }
  const words = mailWords(to.language);
  return write(words, words.reset.subject, [
    { text: words.hello(params.full_name) },
    { text: words.reset.intro },
    { text: words.reset.link, link },
    { text: words.reset.code(params.token) },
    { text: words.reset.validity(params.expires_minutes) },
    { text: words.ignore },
  ]);
}

function registrationOtp({ to, params }: MailOf<'REGISTRATION_OTP'>, config: EmailConfig): MailContent {
  if (config.registerTemplateId !== undefined) return { templateId: config.registerTemplateId, params };
  const words = mailWords(to.language);
  return write(words, words.code.subject, [
    { text: words.code.code(params.code) },
    { text: words.code.validity(params.expires_minutes) },
    { text: words.ignore },
  ]);
}

function orderConfirmed({ to, params }: MailOf<'ORDER_CONFIRMED'>): MailContent {
  const {
    order_number,
    currency,
    total_amount,
    is_reserved,
    delivery_fee,
    deposit_total,
    items = [],
    fulfillment,
  } = params;
  const words = mailWords(to.language);
  const { confirmed } = words;
  const sum = (amount: string) => words.amount(amount, currency);
  return write(words, confirmed.subject(order_number), [
    ...greeting(to),
    { text: confirmed.thanks(order_number) },
    { list: items.map((item) => `${item.quantity} × ${item.name}: ${sum(item.line_total)}`) },
    ...(deposit_total ? [{ text: confirmed.deposits(sum(deposit_total)) }] : []),
    ...(delivery_fee ? [{ text: confirmed.delivery(sum(delivery_fee)) }] : []),
    { text: (is_reserved ? confirmed.reserved : confirmed.total)(sum(total_amount)) },
    ...(fulfillment ? [{ text: fulfillment }] : []),
  ]);
}

function orderAmended({ to, params }: MailOf<'ORDER_AMENDED'>): MailContent {
  const { order_number, currency, total_amount, added_amount, removed_amount, delivery_fee, deposit_total } = params;
  const { is_reserved, items = [] } = params;
  const words = mailWords(to.language);
  const { amended, confirmed } = words;
  const sum = (amount: string) => words.amount(amount, currency);
  return write(words, amended.subject(order_number), [
    ...greeting(to),
    { text: amended.intro(order_number) },
    { list: items.map((item) => `${item.quantity} × ${item.name}: ${sum(item.line_total)}`) },
    ...(deposit_total ? [{ text: confirmed.deposits(sum(deposit_total)) }] : []),
    ...(delivery_fee ? [{ text: confirmed.delivery(sum(delivery_fee)) }] : []),
    { text: amended.total(sum(total_amount)) },
    ...(added_amount ? [{ text: (is_reserved ? amended.reserved : amended.charged)(sum(added_amount)) }] : []),
    ...(removed_amount ? [{ text: (is_reserved ? amended.released : amended.refunded)(sum(removed_amount)) }] : []),
  ]);
}

function orderStatus({ to, params: { order_number, status } }: MailOf<'ORDER_STATUS'>): MailContent {
  const words = mailWords(to.language);
  const subject = status === 'CANCELED' ? words.status.canceled(order_number) : words.status.news(order_number);
  return write(words, subject, [...greeting(to), { text: words.status.sentence(order_number, status) }]);
}

function orderRefunded({ to, params }: MailOf<'ORDER_REFUNDED'>): MailContent {
  const words = mailWords(to.language);
  const { refund } = words;
  const { order_number, amount, currency, reason } = params;
  return write(words, refund.subject(order_number), [
    ...greeting(to),
    { text: refund.sentence(words.amount(amount, currency), order_number) },
    ...(reason ? [{ text: refund.reason(causeOf(reason, refund)) }] : []),
    { text: whereItIs(params, words) },
  ]);
}

function causeOf(reason: string, { causes }: MailWords['refund']): string {
  const known = REFUND_CAUSES.find((cause) => cause === reason);
  return known ? causes[known] : reason;
}

function whereItIs({ amount, credit_amount, currency }: MailOf<'ORDER_REFUNDED'>['params'], words: MailWords): string {
  const { refund } = words;
  if (!credit_amount) return refund.atTheBank;
  return credit_amount === amount ? refund.credit : refund.partly(words.amount(credit_amount, currency));
}

function paymentFailed({ to, params }: MailOf<'PAYMENT_FAILED'>): MailContent {
  const words = mailWords(to.language);
  return write(words, words.failed.subject(params.order_number), [
    ...greeting(to),
    { text: words.failed.sentence(params.order_number) },
    { text: words.failed.advice },
  ]);
}

type Block = { text: string; link?: string } | { list: string[] };

function greeting({ name, language }: Mail['to']): Block[] {
  return name ? [{ text: mailWords(language).hello(name) }] : [];
}

/** Renders the text and HTML forms; every value is escaped here, so callers pass plain text. */
function write({ language, direction }: MailWords, subject: string, blocks: Block[]): MailContent {
  const shown = blocks.filter((block) => 'text' in block || block.list.length > 0);
  const title = escapeHtml(oneLine(subject));
  const htmlContent = [
    `<!doctype html><html lang="${language}"${direction === 'rtl' ? ' dir="rtl"' : ''}><head><meta charset="utf-8"><title>${title}</title></head>`,
    '<body style="font-family:sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a;max-width:36em">',
    `<h1 style="font-size:22px">${title}</h1>`,
    ...shown.map(asHtml),
    `<p>${SHOP_NAME}</p></body></html>`,
  ].join('\n');
  return { subject: oneLine(subject), textContent: [...shown.map(asText), SHOP_NAME].join('\n\n'), htmlContent };
}

function asText(block: Block): string {
  if ('list' in block) return block.list.map((line) => `- ${oneLine(line)}`).join('\n');
  return block.link ? `${oneLine(block.text)}: ${block.link}` : oneLine(block.text);
}

function asHtml(block: Block): string {
  // dir="auto": names of products and people may be Hebrew in an English mail.
  if ('list' in block) {
    return `<ul>${block.list.map((line) => `<li dir="auto">${escapeHtml(oneLine(line))}</li>`).join('')}</ul>`;
  }
  const text = escapeHtml(oneLine(block.text));
  return block.link ? `<p><a href="${escapeHtml(block.link)}">${text}</a></p>` : `<p dir="auto">${text}</p>`;
}

/** Removes line breaks and control characters, which could inject a mail header. */
function oneLine(value: string): string {
  return value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

const HTML_ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? '');
}
