import { STATUSES } from '../features/orders/statuses.ts';
import type { EmailConfig, Mail } from './mail.ts';

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
  return write('Reset your password', [
    { text: `Hello ${params.full_name},` },
    { text: 'You asked to reset your password. Choose a new one here:' },
    { text: 'Choose a new password', link },
    { text: `Or enter this code: ${params.token}` },
    { text: `It works once, for ${params.expires_minutes} minutes.` },
    { text: 'If you did not ask for this, you can ignore this mail.' },
  ]);
}

function registrationOtp({ params }: MailOf<'REGISTRATION_OTP'>, config: EmailConfig): MailContent {
  if (config.registerTemplateId !== undefined) return { templateId: config.registerTemplateId, params };
  return write('Your registration code', [
    { text: `Your code is ${params.code}` },
    { text: `It is valid for ${params.expires_minutes} minutes.` },
    { text: 'If you did not ask for this, you can ignore this mail.' },
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
  const total = `${total_amount} ${currency}`;
  return write(`Your order ${order_number} is confirmed`, [
    ...greeting(to.name),
    { text: `Thank you, we have received your order ${order_number}.` },
    { list: items.map((item) => `${item.quantity} × ${item.name}: ${item.line_total} ${currency}`) },
    ...(deposit_total ? [{ text: `Deposits: ${deposit_total} ${currency}` }] : []),
    ...(delivery_fee ? [{ text: `Delivery: ${delivery_fee} ${currency}` }] : []),
    { text: is_reserved ? `Total: ${total}, reserved now and taken when your order is ready` : `Total paid: ${total}` },
    ...(fulfillment ? [{ text: fulfillment }] : []),
  ]);
}

function orderStatus({ to, params }: MailOf<'ORDER_STATUS'>): MailContent {
  const subject =
    params.status === 'CANCELED'
      ? `Your order ${params.order_number} is canceled`
      : `News of order ${params.order_number}`;
  return write(subject, [
    ...greeting(to.name),
    { text: `Your order ${params.order_number} ${STATUSES[params.status].mail}.` },
  ]);
}

function orderRefunded({ to, params }: MailOf<'ORDER_REFUNDED'>): MailContent {
  return write(`A refund for order ${params.order_number}`, [
    ...greeting(to.name),
    { text: `We have refunded ${params.amount} ${params.currency} for your order ${params.order_number}.` },
    ...(params.reason ? [{ text: `Reason: ${params.reason}` }] : []),
    { text: whereItIs(params) },
  ]);
}

function whereItIs({ amount, credit_amount, currency }: MailOf<'ORDER_REFUNDED'>['params']): string {
  if (!credit_amount) return 'It takes a few days until your bank shows it.';
  if (credit_amount === amount) return 'It is store credit now: spend it on your next order.';
  return `${credit_amount} ${currency} of it are store credit now. It takes a few days until your bank shows the rest.`;
}

function paymentFailed({ to, params }: MailOf<'PAYMENT_FAILED'>): MailContent {
  return write(`Your order ${params.order_number} needs another card`, [
    ...greeting(to.name),
    { text: `Your bank did not let us take the payment for your order ${params.order_number}.` },
    { text: 'Choose another card in your order before its delivery begins; without one we have to cancel it.' },
  ]);
}

type Block = { text: string; link?: string } | { list: string[] };

function greeting(name: string | undefined): Block[] {
  return name ? [{ text: `Hello ${name},` }] : [];
}

/** Renders the text and HTML forms; every value is escaped here, so callers pass plain text. */
function write(subject: string, blocks: Block[]): MailContent {
  const shown = blocks.filter((block) => 'text' in block || block.list.length > 0);
  const title = escapeHtml(oneLine(subject));
  const htmlContent = [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>`,
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
