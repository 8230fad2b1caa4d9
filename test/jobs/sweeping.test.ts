import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { captureLog } from '../support/captured-log.ts';
import { makeUser } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let userId: number;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  userId = (await makeUser(shop)).id;
});
beforeEach(() => {
  log = captureLog();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const releaseHolds = () => shop.scheduled('*/5 * * * *');
const expire = () => shop.scheduled('0 * * * *');
const countOf = async (table: string): Promise<number> =>
  (await shop.sql(`select count(*)::int as count from ${table}`))[0]!.count;

describe('lapsed holds', () => {
  beforeAll(async () => {
    // Twenty lines and a slot of each of 80 carts: those of three in four have lapsed.
    await shop.sql(`
      with u as (
        insert into users (email, password_hash, full_name) select 'holder' || n || '@example.com', '', 'Dana Levi'
        from generate_series(1, 80) n returning id
      ), c as (
        insert into carts (user_id) select id from u returning id
      ), h as (
        select id, now() + case when id % 4 = 0 then interval '10 minutes' else interval '-1 second' end as expires_at from c
      ), lines as (
        insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
        select i.id, h.id, 1, h.expires_at from h cross join inventory i
      )
      insert into slot_holds (cart_id, slot_id, delivery_date, expires_at)
      select id, ${goods.slots[0]!.id}, current_date + 7, expires_at from h`);
  });

  it('go, the live ones stay, whoever else sweeps at the same time', async () => {
    expect(await countOf('hold_lines')).toBe(1600);
    await Promise.all([releaseHolds(), releaseHolds()]);
    expect(await countOf('hold_lines where expires_at > now()')).toBe(400);
    expect(await countOf('hold_lines')).toBe(400);
    expect(await countOf('slot_holds')).toBe(20);
    const lines = log.of('release_holds');
    expect(lines.map((line) => line.hold_lines).reduce((sum, count) => sum + count)).toBe(1200);
    expect(lines.map((line) => line.slot_holds).reduce((sum, count) => sum + count)).toBe(60);
    await releaseHolds();
    expect(await countOf('hold_lines')).toBe(400);
  });
});

describe('what has served its time', () => {
  it('sessions go 30 days after their end', async () => {
    await shop.sql(
      `insert into sessions (user_id, user_agent, expires_at, revoked_at) values
        ($1, 'alive', now() + interval '1 day', null),
        ($1, 'expired lately', now() - interval '29 days', null),
        ($1, 'expired long ago', now() - interval '31 days', null),
        ($1, 'revoked lately', now() + interval '1 day', now() - interval '29 days'),
        ($1, 'revoked long ago', now() - interval '1 day', now() - interval '31 days')`,
      [userId],
    );
    await expire();
    const left = await shop.sql('select user_agent from sessions where user_id = $1 order by id', [userId]);
    expect(left.map((session) => session.user_agent)).toEqual(['alive', 'expired lately', 'revoked lately']);
    expect(log.of('expire_sessions')).toMatchObject([{ level: 'info', deleted: 2 }]);
  });

  it('idempotency keys go after a day, unless a payment of theirs is still open', async () => {
    const [order] = await shop.sql<{ id: number }>(
      `insert into orders (order_number, user_id, fulfillment_type, branch_id, goods_total, total_amount, currency,
                           window_start, window_end)
       values ('OPEN-1', $1, 'PICKUP', $2, 10, 10, 'ILS', now(), now()) returning id`,
      [userId, goods.storeId],
    );
    await shop.sql(
      `insert into payments (order_id, provider, idempotency_key, amount, currency) values ($1, 'mockpay', 'OPEN-1', 10, 'ILS')`,
      [order!.id],
    );
    await shop.sql(
      `insert into idempotency_keys (user_id, key, fingerprint, attempt, order_id, leased_until, created_at) values
        ($1, 'young', '', '', null, now() - interval '22 hours', now() - interval '23 hours'),
        ($1, 'old', '', '', null, now() - interval '24 hours', now() - interval '25 hours'),
        ($1, 'old and open', '', '', $2, now() - interval '24 hours', now() - interval '25 hours'),
        ($1, 'old and at work', '', '', null, now() + interval '1 minute', now() - interval '25 hours')`,
      [userId, order!.id],
    );
    await expire();
    const keys = () => shop.sql('select key from idempotency_keys order by key');
    expect(await keys()).toEqual([{ key: 'old and at work' }, { key: 'old and open' }, { key: 'young' }]);
    await shop.sql(`update payments set status = 'DECLINED' where order_id = $1`, [order!.id]);
    await expire();
    expect(await keys()).toEqual([{ key: 'old and at work' }, { key: 'young' }]);
  });

  it('codes, resets, throttles and sent mail go once they count for nothing', async () => {
    const other = await makeUser(shop);
    await shop.sql(`
      insert into registration_codes (email, expires_at) values
        ('lately@example.com', now() - interval '59 minutes'), ('long-ago@example.com', now() - interval '61 minutes')`);
    await shop.sql(
      `insert into password_resets (user_id, token_hash, expires_at) values
        ($1, '', now() + interval '1 minute'), ($2, '', now() - interval '1 minute')`,
      [userId, other.id],
    );
    await shop.sql(`
      insert into login_throttles (email, updated_at) values
        ('lately@example.com', now() - interval '23 hours'), ('long-ago@example.com', now() - interval '25 hours')`);
    await shop.sql(`
      insert into outbox (kind, payload, status, sent_at, created_at) values
        ('ODD', '{}', 'SENT', now() - interval '29 days', now() - interval '29 days'),
        ('ODD', '{}', 'SENT', now() - interval '31 days', now() - interval '31 days'),
        ('ODD', '{}', 'FAILED', null, now() - interval '31 days')`);
    await Promise.all([expire(), expire()]);
    expect(await shop.sql('select email from registration_codes')).toEqual([{ email: 'lately@example.com' }]);
    expect(await shop.sql('select user_id from password_resets')).toEqual([{ user_id: userId }]);
    expect(await shop.sql('select email from login_throttles')).toEqual([{ email: 'lately@example.com' }]);
    expect(await shop.sql('select status from outbox order by id')).toEqual([{ status: 'SENT' }, { status: 'FAILED' }]);
  });
});
