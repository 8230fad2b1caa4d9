import { beforeAll, describe, expect, it } from 'vitest';
import { confirm, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs, type TestUser } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { deliveredOrder, placeOrder } from '../support/orders.ts';
import {
  askRefund,
  balanceOf,
  decideClaim,
  decideRefund,
  fileClaim,
  giveCredit,
  setSettings,
} from '../support/paying-back.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

type Person = TestUser & { token: string };
const ROUNDS = 50;
let shop: Shop;
let goods: StandardShop;
let managers: [Person, Person, Person];
let product: number;

beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  managers = await Promise.all([signInAs(shop, 'MANAGER'), signInAs(shop, 'MANAGER'), signInAs(shop, 'MANAGER')]);
  product = await makeProduct(shop, { price: '20.00' });
  for (const branchId of [goods.storeId, goods.warehouseId]) {
    await makeStock(shop, { productId: product, branchId, onHand: 10_000 });
  }
});

const statuses = (answers: ShopResponse[]) => answers.map(({ status }) => status).sort();
const newOrder = (userId: number) =>
  deliveredOrder(shop, { userId, branchId: goods.storeId, lines: [{ productId: product }, { productId: product }] });
const refundedOf = async (orderId: number): Promise<number> => {
  const [row] = await shop.sql<{ sum: string }>(
    `select coalesce(sum(amount), 0)::float as sum from refunds where order_id = $1 and status <> 'FAILED'`,
    [orderId],
  );
  return Number(row!.sum);
};

describe(`${ROUNDS} times at once`, () => {
  it('two confirms and a manager want one balance: only one gets it', async () => {
    const customer = await newCustomer(shop);
    const winners = { order: 0, manager: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      await giveCredit(shop, customer.id, '20.00');
      const cartId = await fillCart(shop, customer, [[product, 1]]);
      const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId, use_credit: true };
      const buy = () => confirm(shop, customer, { ...terms, payment_token_id: undefined });
      const takeBack = () =>
        shop.request('POST', `/admin/users/${customer.id}/credit`, {
          token: managers[0].token,
          body: { amount: '-20.00', reason: 'Given by mistake' },
        });
      const [first, second, taken] = await Promise.all([buy(), buy(), takeBack()]);
      const bought = [first, second].filter(({ status }) => status === 201).length;
      expect(bought + Number(taken.status === 201), `${first.text} ${second.text} ${taken.text}`).toBe(1);
      expect(await balanceOf(shop, customer.id)).toBe('0.00');
      winners[bought ? 'order' : 'manager'] += 1;
      await shop.request('DELETE', '/cart', { token: customer.token });
    }
    expect(winners.order + winners.manager).toBe(ROUNDS);
    await expectInvariants(shop);
  });

  it('staff pay back a unit that its customer claims: it is paid once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      if (round % 3 === 0) await signInAgain();
      const order = await newOrder(customer.id);
      await setSettings(shop, { claim_auto_approve_under: '100.00' });
      const item_id = order.itemIds[0];
      const answers = await Promise.all([
        askRefund(shop, managers[0].token, order.id, { items: [{ item_id, quantity: 1 }] }),
        fileClaim(shop, customer.token, order.id, [{ item_id }]),
        fileClaim(shop, customer.token, order.id, [{ item_id }], 'CREDIT'),
      ]);
      expect(statuses(answers), answers.map(({ text }) => text).join(' ')).toEqual([201, 409, 409]);
      expect(await refundedOf(order.id)).toBe(20);
    }
    await expectInvariants(shop);
  });

  it('one manager approves what another rejects: one of them is told that it is too late', async () => {
    const owner = await signInAs(shop);
    await setSettings(shop, { refund_approval_over: '1.00' });
    for (let round = 0; round < ROUNDS; round++) {
      const order = await placeOrder(shop, {
        userId: owner.id,
        branchId: goods.storeId,
        lines: [{ productId: product }],
      });
      const { body } = await askRefund(shop, managers[0].token, order.id, { amount: '20.00' });
      const answers = await Promise.all([
        decideRefund(shop, managers[1].token, body.data.id, 'APPROVED'),
        decideRefund(shop, managers[2].token, body.data.id, 'REJECTED'),
        decideRefund(shop, managers[2].token, body.data.id, 'APPROVED'),
      ]);
      expect(statuses(answers)).toEqual([200, 409, 409]);
      const decided = answers.find(({ status }) => status === 200)!.body.data.status;
      expect(await refundedOf(order.id)).toBe(decided === 'APPROVED' ? 20 : 0);
    }
    await setSettings(shop, { refund_approval_over: null });
    await expectInvariants(shop);
  });

  it('a refund is sent several times under one key: it is paid once', async () => {
    const owner = await signInAs(shop);
    const order = await placeOrder(shop, {
      userId: owner.id,
      branchId: goods.storeId,
      lines: [{ productId: product, quantity: 100 }],
    });
    for (let round = 1; round <= ROUNDS; round++) {
      const key = crypto.randomUUID();
      const ask = () => askRefund(shop, managers[0].token, order.id, { amount: '1.00' }, key);
      const answers = await Promise.all([ask(), ask(), ask()]);
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      for (const { status, body } of answers)
        if (status === 409) expect(body.error.code).toBe('IDEMPOTENCY_IN_PROGRESS');
      expect(await refundedOf(order.id)).toBe(round);
    }
  });

  it('a claim is decided while the order is paid back: never more than was paid', async () => {
    const owner = await signInAs(shop);
    for (let round = 0; round < ROUNDS; round++) {
      const order = await newOrder(owner.id);
      const item_id = order.itemIds[0];
      const { body } = await fileClaim(shop, owner.token, order.id, [{ item_id }]);
      const answers = await Promise.all([
        decideClaim(shop, managers[0].token, body.data.id, [{ item_id, quantity: 1, approve: true }]),
        askRefund(shop, managers[1].token, order.id, { amount: '40.00' }),
      ]);
      expect(statuses(answers)).toHaveLength(2);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(1);
      expect([20, 40]).toContain(await refundedOf(order.id));
    }
    await expectInvariants(shop);
  });

  it('claims of several orders are approved by themselves three times, not more', async () => {
    for (let round = 0; round < 10; round++) {
      await signInAgain();
      const orders = await Promise.all([1, 2, 3, 4, 5].map(() => newOrder(customer.id)));
      await setSettings(shop, { claim_auto_approve_under: '100.00' });
      const answers = await Promise.all(
        orders.map((order) => fileClaim(shop, customer.token, order.id, [{ item_id: order.itemIds[0] }])),
      );
      const approved = answers.filter(({ body }) => body.data.status === 'APPROVED');
      expect(approved).toHaveLength(3);
    }
  });
});

let customer: Person;
/** Somebody new, whose claims are approved by themselves. */
async function signInAgain(): Promise<void> {
  customer = await signInAs(shop);
}
