import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_ATTEMPTS } from '../../src/backoff.ts';
import { brevoAccount } from '../support/brevo-account.ts';
import { captureLog } from '../support/captured-log.ts';
import { dieAt } from '../support/crashing.ts';
import { confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeUser } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const EVERY_FIVE_MINUTES = '*/5 * * * *';
const brevo = brevoAccount();
let shop: Shop;
let goods: StandardShop;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  shop = await openShop({ env: brevo.env });
  goods = await standardShop(shop);
});
beforeEach(async () => {
  await shop.sql('delete from outbox');
  await brevo.forget();
  log = captureLog();
});
afterEach(async () => {
  await shop.fault(null);
  vi.restoreAllMocks();
  // Nobody's address, no token and no code was ever written down.
  expect(log.text()).not.toMatch(/@example\.com|@mami\.test|secret-token/);
});

const drain = () => shop.scheduled(EVERY_FIVE_MINUTES);
const outbox = () =>
  shop.sql('select *, round(extract(epoch from next_attempt_at - now()))::int as wait from outbox order by id');
/** The pauses are over. */
const waitIsOver = () => shop.sql(`update outbox set next_attempt_at = now() where status = 'PENDING'`);

async function queue(count: number, { ageMinutes = 0, attempts = 0, kind = 'PASSWORD_RESET' } = {}): Promise<void> {
  const params =
    kind === 'PASSWORD_RESET'
      ? { token: 'secret-token', full_name: 'Dana', expires_minutes: 30 }
      : { order_number: 'MS-1', status: 'READY' };
  await shop.sql(
    `insert into outbox (kind, payload, attempts, created_at)
     select $1::text, jsonb_build_object('kind', $1::text, 'params', $2::jsonb,
                                         'to', jsonb_build_object('email', 'dana' || n || '@example.com')),
            $3::int, now() - make_interval(mins => $4::int)
     from generate_series(1, $5::int) n`,
    [kind, JSON.stringify(params), attempts, ageMinutes, count],
  );
}

describe('after a command', () => {
  it('confirmations of a busy moment go out together, each once', async () => {
    const slot = goods.slots.find(({ branch_id }) => branch_id === goods.warehouseId)!;
    const customers = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => newCustomer(shop)));
    const carts = await Promise.all(
      customers.map((customer) => fillCart(shop, customer, [[goods.products[0]!.id, 1]])),
    );
    const bought = await Promise.all(
      customers.map((customer, n) => confirm(shop, customer, delivery(carts[n]!, slot.id))),
    );
    expect(bought.map(({ status, trips }) => [status, trips])).toEqual(bought.map(() => [201, 2]));
    const { mails } = await brevo.seen();
    expect(mails.map((mail) => mail.to[0]!.email).toSorted()).toEqual(customers.map(({ email }) => email).toSorted());
    expect(await outbox()).toMatchObject(bought.map(() => ({ status: 'SENT', attempts: 1, payload: {} })));
    expect(log.of('send_mail').reduce((sum, { sent }) => sum + sent, 0)).toBe(7);
    expect(bought.reduce((sum, { backgroundTrips }) => sum + backgroundTrips, 0)).toBeLessThan(7);
  });

  it("a confirmation that could not be sent is the job's", async () => {
    const customer = await newCustomer(shop);
    const cart = await fillCart(shop, customer, [[goods.products[1]!.id, 1]]);
    const slot = goods.slots.find(({ branch_id }) => branch_id === goods.warehouseId)!;
    await brevo.script({ status: 500, times: 1 });
    expect((await confirm(shop, customer, delivery(cart, slot.id))).status).toBe(201);
    expect(await outbox()).toMatchObject([{ status: 'PENDING', attempts: 1 }]);
    await waitIsOver();
    await drain();
    expect(await outbox()).toMatchObject([{ status: 'SENT', attempts: 2 }]);
    expect((await brevo.seen()).mails).toHaveLength(1);
  });

  it('the mail goes out right after the response, which does not wait for it', async () => {
    const user = await makeUser(shop);
    const answer = await shop.request('POST', '/auth/forgot-password', { body: { email: user.email } });
    expect(answer).toMatchObject({ status: 200, trips: 1, backgroundTrips: 2 });
    const { mails } = await brevo.seen();
    expect(mails).toHaveLength(1);
    expect(mails[0]!.to[0]!.email).toBe(user.email);
    expect(mails[0]!.textContent).toContain(answer.body.data.reset_token);
    expect(await outbox()).toMatchObject([{ status: 'SENT', payload: {}, attempts: 1, last_error: null }]);
    expect(log.of('drain_outbox')).toMatchObject([{ level: 'info', sent: 1, retried: 0, failed: 0 }]);
  });

  it('an unknown address gets the same answer for as many trips, and no mail', async () => {
    const answer = await shop.request('POST', '/auth/forgot-password', { body: { email: 'nobody@example.com' } });
    expect(answer).toMatchObject({ status: 200, trips: 1 });
    expect(await brevo.seen()).toEqual({ mails: [], attempts: 0 });
  });

  it('a registration code is mailed', async () => {
    const answer = await shop.request('POST', '/auth/register/send-otp', { body: { email: 'new@example.com' } });
    expect(answer).toMatchObject({ status: 200, trips: 1 });
    expect((await brevo.seen()).mails[0]!.textContent).toContain(answer.body.data.code);
  });

  it('Brevo being down fails no request, and the job sends the mail later', async () => {
    const user = await makeUser(shop);
    await brevo.script({ status: 500, times: 1 });
    const answer = await shop.request('POST', '/auth/forgot-password', { body: { email: user.email } });
    expect(answer.status).toBe(200);
    expect(await outbox()).toMatchObject([{ status: 'PENDING', attempts: 1, last_error: 'http_500' }]);
    await waitIsOver();
    await drain();
    expect((await brevo.seen()).mails).toHaveLength(1);
  });

  it('a mail whose sending could not be noted is not sent again', async () => {
    const user = await makeUser(shop);
    await shop.fault({ mode: 'error', status: 500, skip: 2, times: 1 });
    const answer = await shop.request('POST', '/auth/forgot-password', { body: { email: user.email } });
    expect(answer.status).toBe(200);
    expect(log.of('drain_outbox')).toMatchObject([{ level: 'error' }]);
    expect(await outbox()).toMatchObject([{ status: 'PENDING' }]);
    await drain();
    expect((await brevo.seen()).attempts).toBe(1);
    await waitIsOver();
    await drain();
    expect(await brevo.seen()).toMatchObject({ mails: [expect.anything()], attempts: 2 });
    expect(await outbox()).toMatchObject([{ status: 'SENT', payload: {} }]);
  });
});

describe('the job', () => {
  it('sends every mail once, also when ten drains run at once', async () => {
    await queue(80);
    await Promise.all(Array.from({ length: 10 }, drain));
    const { mails, attempts } = await brevo.seen();
    expect(attempts).toBe(80);
    expect(new Set(mails.map((mail) => mail.to[0]!.email)).size).toBe(80);
    expect(await shop.sql('select distinct status, attempts from outbox')).toEqual([{ status: 'SENT', attempts: 1 }]);
    const sent = log.of('drain_outbox').map((line) => line.sent);
    expect(sent).toHaveLength(10);
    expect(sent.reduce((sum, count) => sum + count)).toBe(80);
  });

  it('that dies at any point of its work leaves one mail, sent once', async () => {
    await queue(1);
    const deaths: string[] = [];
    for (let death: string | undefined = 'not yet'; death; ) {
      await shop.sql(`delete from outbox`);
      await brevo.forget();
      await queue(1, { kind: 'ORDER_STATUS' });
      death = await dieAt(deaths.length + 1, drain);
      if (death) deaths.push(death);
      await waitIsOver();
      await drain();
      expect((await brevo.seen()).mails).toHaveLength(1);
      expect(await outbox()).toMatchObject([{ status: 'SENT' }]);
    }
    // At least before and after the claim, and before and after what came of it is written down.
    expect(deaths.length).toBeGreaterThan(4);
  });

  it('takes an answer that was lost for what it was: one mail', async () => {
    await queue(1);
    await brevo.script({ status: 500, accepted: true, times: 1 });
    await drain();
    await waitIsOver();
    await drain();
    expect(await brevo.seen()).toMatchObject({ mails: [expect.anything()], attempts: 2 });
    expect(await outbox()).toMatchObject([{ status: 'SENT', attempts: 2 }]);
  });

  it.each([
    ['an error of Brevo', { status: 500 }, 'http_500', 60],
    ['a limit with Retry-After', { status: 429, headers: { 'retry-after': '600' } }, 'http_429', 600],
    ['a revoked key', { status: 401 }, 'http_401', 1200],
  ])('after %s it waits as long as it should', async (_, script, reason, wait) => {
    await queue(1);
    await brevo.script(script);
    await drain();
    const [mail] = await outbox();
    expect(mail).toMatchObject({ status: 'PENDING', attempts: 1, last_error: reason });
    expect(mail!.wait).toBeGreaterThan(wait - 10);
    expect(mail!.wait).toBeLessThanOrEqual(wait);
    await drain();
    expect((await brevo.seen()).attempts).toBe(1);
  });

  it('does not knock at a closed door with every mail', async () => {
    await queue(30);
    await brevo.script({ status: 401 });
    await drain();
    expect((await brevo.seen()).attempts).toBe(5);
    await brevo.script({ status: 201 });
    await waitIsOver();
    await drain();
    expect((await brevo.seen()).mails).toHaveLength(30);
  });

  it('gives back what it has claimed and not tried when the door closes in between', async () => {
    await queue(60, { kind: 'ORDER_STATUS' });
    await brevo.script({ status: 503, skip: 12 });
    await drain();
    const { mails, attempts } = await brevo.seen();
    expect(mails).toHaveLength(12);
    // Five failures in a row, while up to four more were on their way.
    expect(attempts).toBeLessThanOrEqual(12 + 5 + 4);
    const untried = (await outbox()).filter((mail) => mail.attempts === 0);
    expect(untried).toHaveLength(60 - attempts);
    expect(untried.every(({ status, wait }) => status === 'PENDING' && wait <= 0)).toBe(true);
    await brevo.script({ status: 201 });
    await waitIsOver();
    await drain();
    expect(new Set((await brevo.seen()).mails.map((mail) => mail.to[0]!.email)).size).toBe(60);
  });

  it('gives a refused mail up, without keeping its token, and sends the others', async () => {
    await queue(3);
    await brevo.script({ status: 400, times: 1 });
    await drain();
    const mails = await outbox();
    expect(mails.map((mail) => mail.status).sort()).toEqual(['FAILED', 'SENT', 'SENT']);
    expect(mails.map((mail) => mail.payload)).toEqual([{}, {}, {}]);
    expect(log.of('watch')).toContainEqual(expect.objectContaining({ level: 'alert', mails_failed: 1 }));
  });

  it('gives a mail up after its last attempt, and keeps one without secrets whole', async () => {
    await queue(1, { attempts: MAX_ATTEMPTS - 1, kind: 'ORDER_STATUS' });
    await brevo.script({ status: 500 });
    await drain();
    expect(await outbox()).toMatchObject([
      { status: 'FAILED', attempts: MAX_ATTEMPTS, last_error: 'http_500', payload: { kind: 'ORDER_STATUS' } },
    ]);
  });

  it('ends a mail whose last attempt nobody told the end of', async () => {
    await queue(1, { attempts: MAX_ATTEMPTS, kind: 'ORDER_STATUS' });
    await drain();
    expect(await outbox()).toMatchObject([{ status: 'FAILED', last_error: 'no_outcome' }]);
    expect((await brevo.seen()).attempts).toBe(0);
  });

  it('does not send a link that no longer works', async () => {
    await queue(1, { ageMinutes: 31 });
    await queue(1, { ageMinutes: 31, kind: 'ORDER_STATUS' });
    await drain();
    expect(await outbox()).toMatchObject([
      { status: 'FAILED', last_error: 'expired', payload: {} },
      { status: 'SENT' },
    ]);
    expect((await brevo.seen()).mails).toHaveLength(1);
  });

  it('fails a payload that is no mail', async () => {
    await shop.sql(`insert into outbox (kind, payload) values ('ODD', '{"kind": "ODD"}')`);
    await drain();
    expect(await outbox()).toMatchObject([{ status: 'FAILED', last_error: 'invalid_payload' }]);
  });

  it('calls for a human when mail has been waiting for a quarter of an hour', async () => {
    await queue(1, { ageMinutes: 16, kind: 'ORDER_STATUS' });
    await brevo.script({ status: 503 });
    await drain();
    expect(log.of('watch')).toContainEqual(expect.objectContaining({ level: 'alert', mails_stuck: 1 }));
  });
});
