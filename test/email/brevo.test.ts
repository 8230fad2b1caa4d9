import { describe, expect, inject, it } from 'vitest';
import { sendMail } from '../../src/email/brevo.ts';
import type { EmailConfig, Mail } from '../../src/email/mail.ts';
import type { BrevoScript, ReceivedMail } from '../support/fake-brevo.ts';

const mail: Mail = {
  kind: 'PASSWORD_RESET',
  to: { email: 'dana@example.com', name: 'Dana' },
  params: { token: 'secret-token', full_name: 'Dana', expires_minutes: 30 },
};

/** An account of its own at the Brevo double. */
function setUp() {
  const apiKey = crypto.randomUUID();
  const account = `${inject('brevoUrl')}/accounts/${apiKey}`;
  const config: EmailConfig = {
    apiKey,
    senderEmail: 'shop@mami.test',
    resetTemplateId: 7,
    frontendBaseUrl: 'https://shop.mami.test',
    apiUrl: `${inject('brevoUrl')}/v3`,
    appEnv: 'test',
  };
  return {
    config,
    script: (next: BrevoScript) => fetch(account, { method: 'POST', body: JSON.stringify(next) }),
    seen: async (): Promise<{ mails: ReceivedMail[]; attempts: number }> => (await fetch(account)).json(),
    send: (timeoutMs?: number) => sendMail(config, mail, crypto.randomUUID(), timeoutMs),
  };
}

describe('sending through Brevo', () => {
  it('sends a template with its values and the key that keeps it single', async () => {
    const { config, seen } = setUp();
    const key = crypto.randomUUID();
    const result = await sendMail(config, mail, key);
    expect(result).toEqual({ status: 'SENT', messageId: expect.stringContaining('@') });
    const { mails } = await seen();
    expect(mails).toEqual([
      {
        sender: { email: 'shop@mami.test', name: 'Mami Supermarket' },
        to: [{ email: 'dana@example.com', name: 'Dana' }],
        templateId: 7,
        params: expect.objectContaining({ token: 'secret-token', reset_link: expect.stringContaining('secret-token') }),
        headers: { idempotencyKey: key },
      },
    ]);
  });

  it.each([
    [429, { 'retry-after': '7' }, { status: 'RETRY', reason: 'http_429', retryAfterSeconds: 7 }],
    [429, { 'x-sib-ratelimit-reset': '9' }, { status: 'RETRY', reason: 'http_429', retryAfterSeconds: 9 }],
    [429, { 'retry-after': 'soon' }, { status: 'RETRY', reason: 'http_429' }],
    [500, {}, { status: 'RETRY', reason: 'http_500' }],
    [503, { 'retry-after': '30' }, { status: 'RETRY', reason: 'http_503', retryAfterSeconds: 30 }],
    [401, {}, { status: 'RETRY', reason: 'http_401', retryAfterSeconds: 1200 }],
    [403, {}, { status: 'RETRY', reason: 'http_403', retryAfterSeconds: 1200 }],
    [400, {}, { status: 'FAILED', reason: 'http_400' }],
    [404, {}, { status: 'FAILED', reason: 'http_404' }],
  ] as const)('answers %i %j with one attempt and the right advice', async (status, headers, expected) => {
    const { script, send, seen } = setUp();
    await script({ status, headers });
    expect(await send()).toEqual(expected);
    expect(await seen()).toEqual({ mails: [], attempts: 1 });
  });

  it('reads a Retry-After that is a date', async () => {
    const { script, send } = setUp();
    await script({ status: 429, headers: { 'retry-after': new Date(Date.now() + 120_000).toUTCString() } });
    const result = await send();
    expect(result.status === 'RETRY' && result.retryAfterSeconds).toBeGreaterThan(60);
    expect(result.status === 'RETRY' && result.retryAfterSeconds).toBeLessThanOrEqual(120);
  });

  it('gives up on a silent Brevo, to try again later', async () => {
    const { script, send } = setUp();
    await script({ status: 0, hang: true });
    expect(await send(300)).toEqual({ status: 'RETRY', reason: 'timeout' });
  });

  it('tries again later when Brevo cannot be reached', async () => {
    const { config } = setUp();
    const unreachable = { ...config, apiUrl: 'http://127.0.0.1:1/v3' };
    expect(await sendMail(unreachable, mail, crypto.randomUUID())).toEqual({ status: 'RETRY', reason: 'network' });
  });

  it.each([{ status: 500 }, { status: 0, hang: true }])('sends once when the answer is lost (%j)', async (loss) => {
    const { config, script, seen } = setUp();
    const key = crypto.randomUUID();
    await script({ ...loss, accepted: true, times: 1 });
    expect(await sendMail(config, mail, key, 300)).toMatchObject({ status: 'RETRY' });
    expect(await sendMail(config, mail, key)).toEqual({ status: 'SENT', messageId: null });
    expect(await seen()).toMatchObject({ mails: [{ headers: { idempotencyKey: key } }], attempts: 2 });
  });

  it('names the refusal without repeating what Brevo said about whom', async () => {
    const { config, script, send } = setUp();
    const message = `dana@example.com is not valid, token secret-token, key ${config.apiKey}`;
    await script({ status: 400, body: { code: 'invalid_parameter', message } });
    expect(await send()).toEqual({ status: 'FAILED', reason: 'http_400_invalid_parameter' });
    await script({ status: 500, body: { code: message, message } });
    expect(await send()).toEqual({ status: 'RETRY', reason: 'http_500' });
  });

  it('needs no Brevo account in development, and waits for the operator elsewhere', async () => {
    const { config } = setUp();
    const keyless = { ...config, apiKey: '' };
    const key = crypto.randomUUID();
    expect(await sendMail({ ...keyless, appEnv: 'development' }, mail, key)).toMatchObject({ status: 'SENT' });
    expect(await sendMail(keyless, mail, key)).toMatchObject({ status: 'RETRY', reason: 'api_key_missing' });
  });
});
