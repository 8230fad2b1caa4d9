import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { configOf } from '../../src/config.ts';
import { onCrashPoint } from '../../src/crash.ts';
import { Database } from '../../src/db/database.ts';
import { settleRefunds } from '../../src/features/payments/refunds.ts';
import { dieAt } from '../support/crashing.ts';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { IMPATIENT, paymentDouble } from '../support/payment-double.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const double = paymentDouble(inject('paymentUrl'));
let shop: Shop;
let goods: StandardShop;
let slotId: number;
let customer: Customer;
let manager: { token: string };

beforeAll(async () => {
  shop = await openShop({ env: { MOCKPAY_URL: double.url } });
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
  await shop.sql('update delivery_slots set capacity = null');
  [customer, manager] = await Promise.all([newCustomer(shop), signInAs(shop, 'MANAGER')]);
});
afterEach(() => onCrashPoint(async () => {}));

interface Purchase {
  orderId: number;
  /** 2 units at 10.00 and 1 unit at 6.00, of 5 each on the shelf; a replacement at 4.00. Delivery costs the rest. */
  dear: number;
  cheap: number;
  replacement: number;
  items: number[];
  total: number;
}

async function purchase(): Promise<Purchase> {
  const [dear, cheap, replacement] = await Promise.all(
    ['10.00', '6.00', '4.00'].map((price) => makeProduct(shop, { price })),
  );
  for (const productId of [dear!, cheap!, replacement!]) {
    await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 5 });
  }
  const cartId = await fillCart(shop, customer, [
    [dear!, 2],
    [cheap!, 1],
  ]);
  const { body } = await confirm(shop, customer, delivery(cartId, slotId));
  const orderId: number = body.data.order_id;
  const items = await shop.sql<{ id: number }>('select id from order_items where order_id = $1 order by id', [orderId]);
  return {
    orderId,
    dear: dear!,
    cheap: cheap!,
    replacement: replacement!,
    items: items.map((item) => item.id),
    total: Number(body.data.total_paid),
  };
}

const cancel = ({ orderId }: Purchase) => shop.request('POST', `/orders/${orderId}/cancel`, { token: customer.token });
const move = ({ orderId }: Purchase, status: string) =>
  shop.request('PATCH', `/ops/orders/${orderId}/status`, { token: manager.token, body: { status } });

/** The two dear units are not there, the cheap one is replaced by something cheaper. */
async function pickedWithGaps(): Promise<Purchase> {
  const bought = await purchase();
  await move(bought, 'IN_PROGRESS');
  const pick = (item: number | undefined, body: object) =>
    shop.request('PATCH', `/ops/orders/${bought.orderId}/items/${item}/picked-status`, { token: manager.token, body });
  await pick(bought.items[0], { picked_status: 'MISSING' });
  const picked = await pick(bought.items[1], {
    picked_status: 'REPLACED',
    replacement_product_id: bought.replacement,
  });
  if (picked.status !== 200) throw new Error(picked.text);
  await move(bought, 'MISSING');
  return bought;
}

async function readyWithGaps(): Promise<Purchase> {
  const bought = await pickedWithGaps();
  await move(bought, 'READY');
  return bought;
}

interface Way {
  name: string;
  prepare: () => Promise<Purchase>;
  act: (bought: Purchase) => Promise<ShopResponse>;
  status: string;
  /** What the provider has paid back in the end, in parts of the total. */
  refunds: (total: number) => number[];
  /** On the shelves in the end: dear, cheap, replacement. */
  shelves: [number, number, number];
}

const WAYS: Way[] = [
  {
    name: 'a customer cancels',
    prepare: purchase,
    act: cancel,
    status: 'CANCELED',
    refunds: (total) => [total],
    shelves: [5, 5, 5],
  },
  {
    name: 'a manager cancels what is half picked',
    prepare: pickedWithGaps,
    act: (bought) => move(bought, 'CANCELED'),
    status: 'CANCELED',
    refunds: (total) => [total],
    shelves: [3, 5, 5],
  },
  {
    name: 'an order becomes READY with gaps',
    prepare: pickedWithGaps,
    act: (bought) => move(bought, 'READY'),
    status: 'READY',
    refunds: () => [2, 20],
    shelves: [3, 5, 4],
  },
  {
    name: 'a manager cancels what was refunded in part',
    prepare: readyWithGaps,
    act: (bought) => move(bought, 'CANCELED'),
    status: 'CANCELED',
    refunds: (total) => [2, 20, total - 22],
    shelves: [3, 5, 5],
  },
];

/** Where things stand: here, on the shelves and at the provider. */
async function outcomeOf({ orderId, dear, cheap, replacement }: Purchase) {
  const [facts] = await shop.sql(
    `select o.status, p.reference, p.refunded_amount::float as refunded,
            (select count(*) from refunds r where r.order_id = o.id and r.status <> 'SUCCEEDED') as unsettled,
            (select array_agg(v.on_hand order by wanted.position)
             from unnest($2::int[]) with ordinality as wanted (id, position)
             join inventory v on v.product_id = wanted.id and v.branch_id = o.branch_id)::text as shelves
     from orders o join payments p on p.order_id = o.id where o.id = $1`,
    [orderId, [dear, cheap, replacement]],
  );
  const paid = (await double.refunds()).filter(
    (refund) => refund.charge_reference === facts!.reference && refund.status === 'SUCCEEDED',
  );
  return {
    status: facts!.status,
    shelves: facts!.shelves,
    unsettled: facts!.unsettled,
    refunded: facts!.refunded,
    paid: paid.map((refund) => Number(refund.amount)).toSorted((a, b) => a - b),
  };
}

const expected = (way: Way, bought: Purchase) => {
  const paid = way.refunds(bought.total).toSorted((a, b) => a - b);
  const refunded = paid.reduce((sum, amount) => sum + amount, 0);
  return { status: way.status, shelves: `{${way.shelves}}`, unsettled: 0, refunded, paid };
};

const leasesRunOut = () => shop.sql(`update refunds set next_attempt_at = now() where status = 'PENDING'`);

describe.each(WAYS)('a Worker that dies while $name', (way) => {
  it('leaves the money paid back once and the goods back once, at every step', async () => {
    const points: string[] = [];
    for (let n = 1; ; n++) {
      const bought = await way.prepare();
      const point = await dieAt(n, () => way.act(bought));
      if (!point) break;
      points.push(point);
      await leasesRunOut();
      const again = await way.act(bought);
      expect([200, 409], `${point}: ${again.text}`).toContain(again.status);
      await leasesRunOut();
      await shop.scheduled('*/5 * * * *');
      expect(await outcomeOf(bought), `${n}: ${point}`).toEqual(expected(way, bought));
    }
    // What follows the response, refunds and mail at the same time, comes in any order.
    expect(points.slice(0, 2)).toEqual(['before database', 'after database']);
    expect(points.length).toBeGreaterThan(8);
    await expectInvariants(shop);
  });
});

it('a job that dies while it settles refunds leaves each paid once', async () => {
  const settle = () => {
    const config = configOf(shop.env);
    return settleRefunds({ config, database: new Database(config), requestId: 'dying' });
  };
  const [way] = WAYS;
  const points: string[] = [];
  for (let n = 1; ; n++) {
    const bought = await purchase();
    await double.script({ behaviour: 'error_500', on: 'refund' });
    expect((await cancel(bought)).status).toBe(200);
    expect(await outcomeOf(bought)).toMatchObject({ unsettled: 1, paid: [] });
    await leasesRunOut();
    const point = await dieAt(n, settle);
    if (!point) break;
    points.push(point);
    await leasesRunOut();
    await settle();
    expect(await outcomeOf(bought), `${n}: ${point}`).toEqual(expected(way!, bought));
  }
  expect(points).toEqual([
    'before database',
    'after database',
    'before refund',
    'after refund',
    'before database',
    'after database',
  ]);
});

it('an answer to a refund that was lost, late or doubled is one refund', async () => {
  const [way] = WAYS;
  for (const behaviour of ['timeout_after_charge', 'drop_after_charge', 'garbage', 'answer_twice', 'late'] as const) {
    const bought = await purchase();
    await double.script({ behaviour, on: 'refund', ms: 2_500 });
    expect((await shop.withEnv(IMPATIENT, () => cancel(bought))).status).toBe(200);
    await leasesRunOut();
    await shop.scheduled('*/5 * * * *');
    expect(await outcomeOf(bought), behaviour).toEqual(expected(way!, bought));
  }
});
