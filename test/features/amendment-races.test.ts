import { beforeAll, expect, inject, it } from 'vitest';
import { amending, type Wanted } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { type Customer, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { paymentDouble } from '../support/payment-double.ts';
import { openShop, type Shop } from '../support/shop.ts';

const ROUNDS = 50;
const double = paymentDouble(inject('paymentUrl'));
let shop: Shop;
let floor: AuthorizingShop;
let change: ReturnType<typeof amending>;
let buyer: Customer;
let stranger: Customer;
let products: [number, number];
beforeAll(async () => {
  shop = await openShop({ env: { MOCKPAY_URL: double.url } });
  floor = await authorizingShop(shop);
  change = amending(shop);
  [buyer, stranger] = [await newCustomer(shop), await newCustomer(shop)];
});

type Order = Awaited<ReturnType<AuthorizingShop['ordered']>>;

/** Every other order is charged at once; of the amendments half cost more and half less. */
async function ordered(round: number): Promise<{ order: Order; wanted: Wanted; total: number }> {
  await shop.sql('update settings set payment_mode = $1', [round % 2 ? 'CHARGE' : 'AUTHORIZE']);
  const order = await floor.ordered(undefined, buyer);
  products = [...order.products];
  const wanted: Wanted =
    round % 4 < 2
      ? [
          [products[0], 4],
          [products[1], 1],
        ]
      : [[products[0], 1]];
  return { order, wanted, total: round % 4 < 2 ? 52.5 : 15 };
}

const shuffled = <T>(round: number, one: () => Promise<T>, other: () => Promise<T>) =>
  Promise.all(round % 3 === 0 ? [other(), one()].toReversed() : [one(), other()]);

/** What the provider has of an order after all jobs: what it took or still reserves. */
async function atProvider(number: string): Promise<{ authorized: number; taken: number }> {
  const charges = (await double.charges()).filter(
    ({ idempotency_key: key }) => key === number || key.startsWith(`${number}-`),
  );
  const [{ refunded } = { refunded: '0' }] = await shop.sql<{ refunded: string }>(
    `select coalesce(sum(r.amount - r.credit_amount), 0) as refunded from refunds r join orders o on o.id = r.order_id
     where o.order_number = $1 and r.status = 'SUCCEEDED'`,
    [number],
  );
  const taken = charges.filter((one) => one.status === 'CAPTURED' && !one.voided);
  return {
    authorized: charges.filter((one) => one.status === 'AUTHORIZED').length,
    taken: taken.reduce((sum, one) => sum + Number(one.captured_amount ?? one.amount), 0) - Number(refunded),
  };
}

it('amended and then started, or started and never amended', async () => {
  const became = { amended: 0, refused: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const { order, wanted, total } = await ordered(round);
    const { amendment_id: aid } = (await change.preview(order.customer, order.id, wanted)).body.data;
    const [item] = (await change.orderOf(order.customer, order.id)).items;
    const start = () =>
      round % 5 === 0
        ? shop.request('PATCH', `/ops/orders/${order.id}/items/${item.id}/picked-status`, {
            token: floor.admin,
            body: { picked_status: 'PICKED' },
          })
        : floor.move(order.id, 'IN_PROGRESS');
    const [confirmed, started] = await shuffled(round, () => change.confirm(order.customer, order.id, aid), start);
    expect(started!.status, started!.text).toBe(200);
    expect([200, 409], confirmed!.text).toContain(confirmed!.status);
    const isAmended = confirmed!.status === 200;
    became[isAmended ? 'amended' : 'refused'] += 1;
    const now = await change.orderOf(order.customer, order.id);
    expect(now.status).toBe('IN_PROGRESS');
    expect(Number(now.total_amount) - Number(now.refunded_amount)).toBe(isAmended ? total : 32.5);
    expect(now.amendments).toHaveLength(isAmended ? 1 : 0);
    const [audited] = await shop.sql<{ right: boolean }>(
      `select max(id) filter (where action = 'AMEND') < max(id) filter (where new_value ->> 'status' = 'IN_PROGRESS') as right
       from audit_log where entity_type = 'order' and entity_id = $1`,
      [order.id],
    );
    expect(audited!.right).toBe(isAmended ? true : null);
  }
  await floor.runJobs();
  await floor.runJobs();
  await expectInvariants(shop);
  expect(became.amended + became.refused).toBe(ROUNDS);
});

it('amended and then canceled, or canceled and never amended: nothing stays with the shop', async () => {
  const numbers: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { order, wanted } = await ordered(round);
    numbers.push(order.number);
    const { amendment_id: aid } = (await change.preview(order.customer, order.id, wanted)).body.data;
    const cancel = () => shop.request('POST', `/orders/${order.id}/cancel`, { token: order.customer.token });
    const [confirmed, canceled] = await shuffled(round, () => change.confirm(order.customer, order.id, aid), cancel);
    expect(canceled!.status, canceled!.text).toBe(200);
    expect([200, 409], confirmed!.text).toContain(confirmed!.status);
    const [stock] = await shop.sql<{ on_hand: number }>('select on_hand from inventory where product_id = $1', [
      order.products[0],
    ]);
    expect(stock!.on_hand).toBe(9);
  }
  for (let run = 0; run < 4; run++) await floor.runJobs();
  for (const number of numbers) expect(await atProvider(number), number).toEqual({ authorized: 0, taken: 0 });
  await expectInvariants(shop);
});

it('of two amendments at once one is planned, and one confirm applies it', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { order, wanted, total } = await ordered(round);
    const other: Wanted = [[products[1], 2]];
    const { version } = await change.orderOf(order.customer, order.id);
    const planned = await shuffled(
      round,
      () => change.preview(order.customer, order.id, wanted, { version }),
      () => change.preview(order.customer, order.id, other, { version }),
    );
    expect(planned.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const won = planned.find(({ status }) => status === 200)!.body.data;
    const answers = await Promise.all([1, 2].map(() => change.confirm(order.customer, order.id, won.amendment_id)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const now = await change.orderOf(order.customer, order.id);
    expect(now.amendments).toHaveLength(1);
    expect(Number(now.total_amount) - Number(now.refunded_amount)).toBe(
      won.total === total.toFixed(2) ? total : Number(won.total),
    );
  }
  await floor.runJobs();
  await expectInvariants(shop);
});

it('of the last unit one is sold: to an amendment or to a purchase', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { order } = await ordered(round);
    const productId = await makeProduct(shop, { price: '3.00' });
    await makeStock(shop, { productId, branchId: floor.goods.warehouseId, onHand: 1 });
    const theirs = await floor.basket(undefined, stranger);
    await shop.request('POST', '/cart/items', {
      token: stranger.token,
      body: { product_id: productId, quantity: 1 },
    });
    const wanted: Wanted = [
      [products[0], 2],
      [products[1], 1],
      [productId, 1],
    ];
    const [planned, bought] = await shuffled(
      round,
      () => change.preview(order.customer, order.id, wanted),
      () => theirs.buy(),
    );
    const isHeld = planned!.body.data.missing_items.length === 0;
    expect(bought!.status, bought!.text).toBe(isHeld ? 409 : 201);
    if (isHeld)
      expect((await change.confirm(order.customer, order.id, planned!.body.data.amendment_id)).status).toBe(200);
  }
  await expectInvariants(shop);
});

/** Another slot of the branch with so many places, and the date it is next offered. */
async function anotherSlot(round: number, capacity: number): Promise<{ id: number; date: string }> {
  await shop.sql(`update delivery_slots set is_active = false where start_time = '20:00'`);
  const [slot] = await shop.sql<{ id: number; date: string }>(
    `insert into delivery_slots (branch_id, day_of_week, start_time, end_time, capacity)
     values ($1, $2, '20:00', '22:00', $3)
     returning id, slot_next_date(day_of_week, start_time, 'Asia/Jerusalem')::text as date`,
    [floor.goods.warehouseId, round % 7, capacity],
  );
  return slot!;
}

it('a slot whose capacity is lowered takes no amendment beyond it', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { order } = await ordered(round);
    const slot = await anotherSlot(round, 1);
    const moved = { delivery_slot_id: slot.id, delivery_date: slot.date };
    const planned = await change.preview(order.customer, order.id, undefined, moved);
    expect(planned.status, planned.text).toBe(200);
    const lower = () =>
      shop.request('PATCH', `/admin/delivery-slots/${slot.id}`, { token: floor.admin, body: { capacity: 0 } });
    const [confirmed, lowered] = await shuffled(
      round,
      () => change.confirm(order.customer, order.id, planned.body.data.amendment_id),
      lower,
    );
    expect(lowered!.status).toBe(200);
    const [row] = await shop.sql<{ first: boolean }>(
      `select a.id < b.id as first from
         (select max(id) as id from audit_log where entity_type = 'order' and entity_id = $1 and action = 'AMEND') a,
         (select max(id) as id from audit_log where entity_type = 'delivery_slot' and entity_id = $2) b`,
      [order.id, slot.id],
    );
    if (confirmed!.status === 200) expect(row!.first).toBe(true);
    else expect(confirmed!.body.error.code).toBe('SLOT_FULL');
  }
  await expectInvariants(shop);
});

it('a date that is closed takes no amendment, or knows it', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { order } = await ordered(round);
    const slot = await anotherSlot(round, 5);
    const moved = { delivery_slot_id: slot.id, delivery_date: slot.date };
    const planned = await change.preview(order.customer, order.id, undefined, moved);
    expect(planned.status, planned.text).toBe(200);
    const close = () =>
      shop.request('POST', '/admin/slot-exceptions', {
        token: floor.admin,
        body: {
          branch_id: floor.goods.warehouseId,
          date: slot.date,
          slot_id: slot.id,
          closed: true,
          reason: 'Holiday',
        },
      });
    const [confirmed, closed] = await shuffled(
      round,
      () => change.confirm(order.customer, order.id, planned.body.data.amendment_id),
      close,
    );
    if (confirmed!.status === 200) expect(closed!.body.error.code).toBe('ORDERS_BOOKED');
    else expect([closed!.status, confirmed!.body.error.code]).toEqual([201, 'INVALID_SLOT']);
  }
  await expectInvariants(shop);
});
