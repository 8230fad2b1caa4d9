import { beforeAll, describe, expect, it } from 'vitest';
import { Allowance } from '../../src/background.ts';
import { makeBranch, makePaymentToken, makeProduct, makeStock, makeUser } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});

/** What an outage of the payment provider leaves: orders whose charge nobody could ask about. */
async function pendingPayments(count: number, name = 'BACKLOG'): Promise<void> {
  const { id: userId } = await makeUser(shop);
  const tokenId = await makePaymentToken(shop, { userId });
  const branchId = await makeBranch(shop);
  const productId = await makeProduct(shop);
  await makeStock(shop, { productId, branchId, onHand: count });
  await shop.sql(
    `with made as (
       insert into orders (order_number, user_id, fulfillment_type, branch_id, goods_total, total_amount, currency,
           window_start, window_end)
         select $5::text || '-' || n, $1, 'PICKUP', $2, 10, 10, 'ILS', now(), now() + interval '2 hours'
         from generate_series(1, $4) n returning id, order_number
     ), lines as (
       insert into order_items (order_id, product_id, name, sku, unit_price, quantity)
         select id, $6, 'Milk', 'MILK', 10, 1 from made
     ), sold as (
       insert into stock_movements (inventory_id, delta, reason, order_id)
         select i.id, -1, 'SALE', made.id from made, inventory i where i.product_id = $6
     )
     insert into payments (order_id, payment_token_id, provider, idempotency_key, amount, currency, created_at)
       select id, $3, 'mockpay', order_number, 10, 'ILS', now() - interval '10 minutes' from made`,
    [userId, branchId, tokenId, count, name, productId],
  );
}

const count = async (query: string) => (await shop.sql<{ count: number }>(query))[0]!.count;

describe('a backlog', () => {
  it('of payments and of their mails is worked off in one run', async () => {
    // More than fit into the first round, so that the last mails belong to payments of a later round.
    await pendingPayments(900);
    await shop.scheduled('*/5 * * * *');
    expect(await count(`select count(*)::int as count from payments where status = 'CAPTURED'`)).toBe(900);
    expect(await count(`select count(*)::int as count from outbox where status = 'SENT'`)).toBe(900);
    expect(await count(`select count(*)::int as count from outbox where status = 'PENDING'`)).toBe(0);
  });

  it('of payments is settled once by two runs at once', async () => {
    await pendingPayments(300, 'TWICE');
    await Promise.all([shop.scheduled('*/5 * * * *'), shop.scheduled('*/5 * * * *')]);
    expect(
      await shop.sql(
        `select status, check_count, count(*)::int as count from payments where idempotency_key like 'TWICE-%' group by 1, 2`,
      ),
    ).toEqual([{ status: 'CAPTURED', check_count: 1, count: 300 }]);
    expect(await count(`select count(*)::int as count from outbox where attempts <> 1`)).toBe(0);
  });

  it('of mails is sent once by two runs at once', async () => {
    await shop.sql(`insert into outbox (kind, payload) select 'ORDER_STATUS', $1 from generate_series(1, 230)`, [
      JSON.stringify({
        kind: 'ORDER_STATUS',
        to: { email: 'dana@example.com' },
        params: { order_number: 'MS-1', status: 'READY' },
      }),
    ]);
    await Promise.all([shop.scheduled('*/5 * * * *'), shop.scheduled('*/5 * * * *')]);
    expect(await shop.sql(`select distinct status, attempts from outbox where kind = 'ORDER_STATUS'`)).toEqual([
      { status: 'SENT', attempts: 1 },
    ]);
  });

  it('leaves failed mails without the name and the address after a month', async () => {
    await shop.sql(
      `insert into outbox (kind, payload, status, created_at) values
        ('OLD', '{"to": {"email": "old@example.com"}}', 'FAILED', now() - interval '31 days'),
        ('NEW', '{"to": {"email": "new@example.com"}}', 'FAILED', now() - interval '29 days')`,
    );
    await shop.scheduled('0 * * * *');
    const kept = await shop.sql(
      `select kind, payload->'to'->>'email' as email from outbox where kind in ('OLD', 'NEW') order by 1`,
    );
    expect(kept).toEqual([
      { kind: 'NEW', email: 'new@example.com' },
      { kind: 'OLD', email: null },
    ]);
  });
});

describe('an allowance', () => {
  it('gives portions until the next one would be too much', () => {
    const allowance = new Allowance(10, Number.POSITIVE_INFINITY);
    expect([allowance.take(4), allowance.take(4), allowance.isSpent, allowance.take(4)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([allowance.taken, allowance.isSpent]).toEqual([8, true]);
  });

  it('gives nothing once its time is over', () => {
    expect(new Allowance(10, performance.now() - 1).take(1)).toBe(false);
  });
});
