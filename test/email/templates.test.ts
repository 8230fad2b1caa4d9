import { describe, expect, it } from 'vitest';
import { type EmailConfig, type Mail, mailPayload } from '../../src/email/mail.ts';
import { composeMail } from '../../src/email/templates.ts';

const config: EmailConfig = {
  apiKey: 'key',
  senderEmail: 'shop@mami.test',
  frontendBaseUrl: 'https://shop.mami.test/',
  appEnv: 'test',
};
const to = { email: 'dana+1@example.com', name: 'Dana Levi' };
const reset: Mail = {
  kind: 'PASSWORD_RESET',
  to,
  params: { token: 'a/b+c=', full_name: "Dana O'Levi", expires_minutes: 30 },
};
const otp: Mail = { kind: 'REGISTRATION_OTP', to: { email: to.email }, params: { code: '0420', expires_minutes: 10 } };
const confirmed: Mail = {
  kind: 'ORDER_CONFIRMED',
  to,
  params: {
    order_number: 'ORD-1',
    currency: 'ILS',
    total_amount: '42.90',
    delivery_fee: '30.00',
    items: [{ name: 'חלב 3% <b>&', quantity: 2, line_total: '12.90' }],
    fulfillment: 'Delivery on 2026-11-24, 10:00–12:00',
  },
};

function written(mail: Mail, given: EmailConfig = config) {
  const { content } = composeMail(mail, given);
  if ('templateId' in content) throw new Error('A template was used');
  return content;
}

describe('password reset mail', () => {
  it('uses the template of the account, with the link to the storefront', () => {
    expect(composeMail(reset, { ...config, resetTemplateId: 7 })).toEqual({
      sender: { email: 'shop@mami.test', name: 'Mami Supermarket' },
      to: [{ email: 'dana+1@example.com', name: 'Dana Levi' }],
      content: {
        templateId: 7,
        params: {
          token: 'a/b+c=',
          full_name: "Dana O'Levi",
          expires_minutes: 30,
          reset_link: 'https://shop.mami.test/reset-password?email=dana%2B1%40example.com&token=a%2Fb%2Bc%3D',
        },
      },
    });
  });

  it('is written here when there is no template', () => {
    const { subject, textContent, htmlContent } = written(reset);
    expect(subject).toBe('Reset your password');
    expect(textContent).toContain('a/b+c=');
    expect(textContent).toContain('reset-password?email=dana%2B1%40example.com&token=a%2Fb%2Bc%3D');
    expect(htmlContent).toContain(
      'href="https://shop.mami.test/reset-password?email=dana%2B1%40example.com&amp;token=',
    );
    expect(htmlContent).toContain('Dana O&#39;Levi');
  });
});

it('sends a registration code by its template, or in words', () => {
  expect(composeMail(otp, { ...config, registerTemplateId: 8 })).toMatchObject({
    to: [{ email: to.email }],
    content: { templateId: 8, params: { code: '0420', expires_minutes: 10 } },
  });
  expect(written(otp).textContent).toContain('Your code is 0420');
  expect(written(otp).textContent).toContain('10 minutes');
});

describe('order mails', () => {
  it('list what was bought and paid, in text and in escaped HTML', () => {
    const { subject, textContent, htmlContent } = written(confirmed);
    expect(subject).toBe('Your order ORD-1 is confirmed');
    expect(textContent).toContain('- 2 × חלב 3% <b>&: 12.90 ILS');
    expect(textContent).toContain('Total paid: 42.90 ILS');
    expect(htmlContent).toContain('2 × חלב 3% &lt;b&gt;&amp;: 12.90 ILS');
    expect(htmlContent).not.toContain('<b>');
  });

  it('tell a cancellation and a refund', () => {
    const canceled: Mail = { kind: 'ORDER_STATUS', to, params: { order_number: 'ORD-1', status: 'CANCELED' } };
    expect(written(canceled).subject).toBe('Your order ORD-1 is canceled');
    const amended: Mail = {
      kind: 'ORDER_AMENDED',
      to,
      params: {
        order_number: 'ORD-1',
        currency: 'ILS',
        total_amount: '52.50',
        added_amount: '20.00',
        is_reserved: true,
        delivery_fee: '5.00',
        items: [{ name: 'Milk <3%', quantity: 4, line_total: '40.00' }],
      },
    };
    expect(written(amended).subject).toBe('Your order ORD-1 has changed');
    expect(written(amended).textContent).toContain('20.00 ILS more are reserved, and taken');
    expect(written(amended).htmlContent).toContain('Milk &lt;3%');
    const less = {
      ...amended,
      params: { ...amended.params, added_amount: null, removed_amount: '9.00', is_reserved: false },
    };
    expect(written(less).textContent).toContain('9.00 ILS less: they will be paid back to you');
    const refunded: Mail = {
      kind: 'ORDER_REFUNDED',
      to,
      params: { order_number: 'ORD-1', currency: 'ILS', amount: '12.90', reason: '<script>' },
    };
    expect(written(refunded).textContent).toContain('refunded 12.90 ILS for your order ORD-1');
    expect(written(refunded).htmlContent).not.toContain('<script>');
    expect(written(refunded).textContent).toContain('until your bank shows it');
    const credited = (credit_amount: string) =>
      written({ ...refunded, params: { ...refunded.params, credit_amount } }).textContent;
    expect(credited('12.90')).toContain('It is store credit now');
    expect(credited('2.00')).toContain('2.00 ILS of it are store credit now. It takes a few days');
  });
});

it('lets no line break of a name or an order number into a header', () => {
  const name = `Dana\r\nBcc: all@example.com\u2028${'x'.repeat(100)}`;
  const mail: Mail = {
    ...confirmed,
    to: { ...to, name },
    params: { ...confirmed.params, order_number: 'ORD\r\nX: 1' },
  };
  const { to: recipients, content } = composeMail(mail, config);
  expect(recipients[0].name).toMatch(/^Dana Bcc: all@example\.com x+$/);
  expect(recipients[0].name).toHaveLength(70);
  expect('subject' in content && content.subject).toBe('Your order ORD X: 1 is confirmed');
});

describe('the payload of an outbox row', () => {
  it('is read back as it was written', () => {
    for (const mail of [reset, otp, confirmed])
      expect(mailPayload.parse(JSON.parse(JSON.stringify(mail)))).toEqual(mail);
  });

  it.each([
    { ...otp, kind: 'UNKNOWN' },
    { ...otp, to: { email: 'a@example.com\r\nBcc: b@example.com' } },
    { ...otp, to: { email: 'nobody' } },
    { ...reset, params: otp.params },
    { ...confirmed, params: { ...confirmed.params, total_amount: 42.9 } },
  ])('is refused when malformed (%#)', (payload) => {
    expect(mailPayload.safeParse(payload).success).toBe(false);
  });
});
