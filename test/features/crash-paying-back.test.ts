import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { onCrashPoint } from '../../src/crash.ts';
import { dieAt } from '../support/crashing.ts';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { endLeases } from '../support/lock.ts';
import {
  askRefund,
  balanceOf,
  decideClaim,
  decideRefund,
  fileClaim,
  giveCredit,
  setSettings,
} from '../support/paying-back.ts';
import { paymentDouble } from '../support/payment-double.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const double = paymentDouble(inject('paymentUrl'));
let shop: Shop;
let goods: StandardShop;
let slotId: number;
let manager: { token: string };
let second: { token: string };

beforeAll(async () => {
  shop = await openShop({ env: { MOCKPAY_URL: double.url } });
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
  await shop.sql('update delivery_slots set capacity = null');
  [manager, second] = await Promise.all([signInAs(shop, 'MANAGER'), signInAs(shop, 'MANAGER')]);
});
afterEach(() => onCrashPoint(async () => {}));

async function timePasses(customer: Customer): Promise<void> {
  await shop.sql(`update idempotency_keys set leased_until = now() - interval '1 second'`);
  await shop.sql(
    `update payments set created_at = now() - interval '5 minutes', checked_at = null where status = 'PENDING'`,
  );
  await shop.sql(`update refunds set next_attempt_at = now() where status = 'PENDING'`);
  await endLeases(customer.id);
}

interface Purchase {
  customer: Customer;
  key: string;
  buy: () => Promise<ShopResponse>;
}

/** 20.00 of goods and 30.00 of delivery. */
async function purchase(credit: string): Promise<Purchase> {
  const customer = await newCustomer(shop);
  const product = await makeProduct(shop);
  await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 3 });
  await giveCredit(shop, customer.id, credit);
  const cartId = await fillCart(shop, customer, [[product, 2]]);
  const key = crypto.randomUUID();
  const terms = { ...delivery(cartId, slotId), use_credit: true };
  return { customer, key, buy: () => confirm(shop, customer, terms, { key }) };
}

/** Where the money is: with the customer, here, and at the provider. */
async function moneyOf(customer: Customer) {
  const orders = await shop.sql<{ reference: string; number: string; status: string; placed: boolean }>(
    `select p.reference, o.order_number as number, p.status, o.placed_at is not null as placed
     from orders o join payments p on p.order_id = o.id where o.user_id = $1`,
    [customer.id],
  );
  const numbers = orders.map(({ number }) => number);
  const references = orders.map(({ reference }) => reference);
  const charged = (await double.charges()).filter(
    (charge) => numbers.includes(charge.idempotency_key) && charge.status === 'CAPTURED',
  );
  const paidBack = (await double.refunds()).filter(
    (refund) => references.includes(refund.charge_reference) && refund.status === 'SUCCEEDED',
  );
  return {
    balance: await balanceOf(shop, customer.id),
    placed: orders.filter(({ placed }) => placed).length,
    pending: orders.filter(({ status }) => status === 'PENDING').length,
    charged: charged.map(({ amount }) => Number(amount)),
    paidBack: paidBack.map(({ amount }) => Number(amount)),
  };
}

describe.each([
  { credit: '20.00', left: '0.00', charged: [30] },
  { credit: '60.00', left: '10.00', charged: [] },
])('a Worker that dies while $credit of credit are spent', ({ credit, left, charged }) => {
  it.each(['retry', 'job'] as const)('leaves them spent on one order, or with the customer (%s)', async (rescue) => {
    const points: string[] = [];
    for (let n = 1; ; n++) {
      const attempt = await purchase(credit);
      const point = await dieAt(n, attempt.buy);
      if (!point) break;
      points.push(point);
      await timePasses(attempt.customer);
      if (rescue === 'job') await shop.scheduled('*/5 * * * *');
      const answer = await attempt.buy();
      expect([200, 201, 402], `${point}: ${answer.text}`).toContain(answer.status);
      expect(await moneyOf(attempt.customer), point).toEqual(
        answer.status === 402
          ? { balance: credit, placed: 0, pending: 0, charged: [], paidBack: [] }
          : { balance: left, placed: 1, pending: 0, charged, paidBack: [] },
      );
    }
    expect(points.length).toBeGreaterThan(4);
    await expectInvariants(shop);
  });
});

interface Way {
  name: string;
  settings?: Record<string, unknown>;
  /** Answers what is done, and done again after a crash. */
  prepare: (customer: Customer, orderId: number, itemId: number) => Promise<() => Promise<ShopResponse>>;
  /** What the customer has in the end: of 30.00 on the card and 20.00 of credit. */
  paidBack: number[];
  balance: string;
}

const deliver = (orderId: number) =>
  shop.sql(`update orders set status = 'DELIVERED', delivered_at = now() where id = $1`, [orderId]);

const WAYS: Way[] = [
  {
    name: 'a manager pays back to the card and to credit',
    prepare: async (_, orderId) => {
      const key = crypto.randomUUID();
      return () => askRefund(shop, manager.token, orderId, { amount: '40.00' }, key);
    },
    paidBack: [30],
    balance: '10.00',
  },
  {
    name: 'a second manager approves',
    settings: { refund_approval_over: '1.00' },
    prepare: async (_, orderId) => {
      const { body } = await askRefund(shop, manager.token, orderId, { amount: '25.00' });
      return () => decideRefund(shop, second.token, body.data.id);
    },
    paidBack: [25],
    balance: '0.00',
  },
  {
    name: 'a claim is approved by itself',
    settings: { claim_auto_approve_under: '100.00' },
    prepare: async (customer, orderId, item_id) => {
      await deliver(orderId);
      return () => fileClaim(shop, customer.token, orderId, [{ item_id, quantity: 2 }], 'CREDIT');
    },
    paidBack: [],
    balance: '20.00',
  },
  {
    name: 'a manager approves a claim',
    prepare: async (customer, orderId, item_id) => {
      await deliver(orderId);
      const { body } = await fileClaim(shop, customer.token, orderId, [{ item_id, quantity: 2 }]);
      return () => decideClaim(shop, manager.token, body.data.id, [{ item_id, quantity: 2, approve: true }]);
    },
    paidBack: [20],
    balance: '0.00',
  },
  {
    name: 'a customer cancels what credit has paid in part',
    prepare: async (customer, orderId) => () =>
      shop.request('POST', `/orders/${orderId}/cancel`, { token: customer.token }),
    paidBack: [30],
    balance: '20.00',
  },
];

describe.each(WAYS)('a Worker that dies while $name', (way) => {
  it('leaves the money paid back once, at every step', async () => {
    const points: string[] = [];
    await setSettings(shop, { refund_approval_over: null, claim_auto_approve_under: '0.00', ...way.settings });
    for (let n = 1; ; n++) {
      const { customer, buy } = await purchase('20.00');
      const orderId: number = (await buy()).body.data.order_id;
      const [item] = await shop.sql<{ id: number }>('select id from order_items where order_id = $1', [orderId]);
      const act = await way.prepare(customer, orderId, item!.id);
      const point = await dieAt(n, act);
      if (!point) break;
      points.push(point);
      await timePasses(customer);
      const again = await act();
      expect([200, 201, 409], `${point}: ${again.text}`).toContain(again.status);
      await timePasses(customer);
      await shop.scheduled('*/5 * * * *');
      expect(await moneyOf(customer), point).toMatchObject({
        paidBack: way.paidBack,
        balance: way.balance,
        charged: [30],
      });
    }
    expect(points.slice(0, 2)).toEqual(['before database', 'after database']);
    await expectInvariants(shop);
  });
});

it('a Worker that dies while a manager gives credit leaves it given once, or not', async () => {
  for (let n = 1; ; n++) {
    const customer = await newCustomer(shop);
    const point = await dieAt(n, () =>
      shop.request('POST', `/admin/users/${customer.id}/credit`, {
        token: manager.token,
        body: { amount: '5.00', reason: 'A gift' },
      }),
    );
    if (!point) break;
    const entries = await shop.sql('select amount from credit_entries where user_id = $1', [customer.id]);
    expect(entries, point).toEqual(point === 'before database' ? [] : [{ amount: '5.00' }]);
  }
});
