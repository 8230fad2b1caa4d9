import { beforeAll, describe, expect, inject, it } from 'vitest';
import { confirm, fillCart, newCustomer } from '../support/customer.ts';
import type { Behaviour } from '../support/fake-payment-provider.ts';
import { IMPATIENT, paymentDouble } from '../support/payment-double.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const double = paymentDouble(inject('paymentUrl'));
let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop({ env: { MOCKPAY_URL: double.url } });
  goods = await standardShop(shop);
});

/** Buys something while the provider does so at the first charges; all later ones are approved. */
async function buy(...first: Behaviour[]) {
  const customer = await newCustomer(shop);
  const cart = await fillCart(shop, customer, [[goods.products[0]!.id, 1]]);
  await double.script(...first);
  const before = (await double.charges()).length;
  const terms = { cart_id: cart, fulfillment_type: 'PICKUP', branch_id: goods.warehouseId };
  const answer = await confirm(shop, customer, terms, { env: IMPATIENT });
  const charges = (await double.charges()).slice(before);
  return { answer, keys: charges.map((charge) => charge.idempotency_key) };
}

describe('a charge whose connection breaks', () => {
  it.each(['drop', 'drop_after_charge'] as const)('is repeated at once, and charges once: %s', async (behaviour) => {
    const { answer, keys } = await buy(behaviour);
    expect(answer.status, answer.text).toBe(201);
    expect(keys).toEqual([answer.body.data.order_number]);
  });

  it('is repeated once only: a second break leaves the payment open', async () => {
    const { answer, keys } = await buy('drop', 'drop');
    expect([answer.status, keys]).toEqual([503, []]);
  });

  it('is asked about when the repeat breaks too: the provider may have charged', async () => {
    const { answer, keys } = await buy('drop', 'drop_after_charge');
    expect(answer.status, answer.text).toBe(201);
    expect(keys).toEqual([answer.body.data.order_number]);
  });
});

describe('a charge that is not repeated', () => {
  // A repeat would be approved.
  it.each(['timeout_before_charge', 'error_500'] as const)('is one that met %s', async (behaviour) => {
    const { answer, keys } = await buy(behaviour);
    expect([answer.status, keys]).toEqual([503, []]);
  });
});
