import { beforeAll, describe, expect, it } from 'vitest';
import { addToCart, confirm, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { overlap } from '../support/overlap.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
});

async function stocked(): Promise<number> {
  const productId = await makeProduct(shop, { price: '10.00' });
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 100 });
  return productId;
}
/** Due at this instant; nobody has applied it yet. */
const schedule = async (productIds: number[], price: string): Promise<void> => {
  await shop.sql(
    `insert into scheduled_prices (product_id, price, starts_at, ends_at)
     select id, $2, now(), now() + interval '1 hour' from unnest($1::integer[]) id`,
    [`{${productIds.join(',')}}`, price],
  );
};
async function inCheckout(productId: number) {
  const customer = await newCustomer(shop);
  const cartId = (await addToCart(shop, customer, productId, 2)).body.data.id as number;
  const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.warehouseId };
  const preview = () => shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
  return { customer, cartId, preview, pay: () => confirm(shop, customer, terms) };
}
const priceOf = async (id: number) => (await shop.request('GET', `/catalog/products/${id}`)).body.data.price;

describe('many readers at the second of a change', () => {
  it('all see the new price, which one of them applies', async () => {
    const productIds = await Promise.all(Array.from({ length: 20 }, stocked));
    await schedule(productIds, '7.00');
    const seen = await Promise.all(Array.from({ length: 24 }, (_, n) => priceOf(productIds[n % 20]!)));
    expect(new Set(seen)).toEqual(new Set(['7.00']));
    const changes = await shop.sql(
      `select count(*)::integer as count from audit_log where action = 'PRICE_SCHEDULE' and entity_id = any ($1::integer[])`,
      [`{${productIds.join(',')}}`],
    );
    expect(changes).toEqual([{ count: 20 }]);
    await expectInvariants(shop);
  });

  it('wait for a product that somebody else is changing, and see neither price too late', async () => {
    const productId = await stocked();
    await schedule([productId], '7.00');
    const steps = `update products set name = 'Renamed' where id = ${productId}`;
    expect(await overlap(shop, { steps }, () => priceOf(productId))).toBe('7.00');
  });
});

describe('a change of price against a confirm', () => {
  it('that has begun: the customer pays what was shown', async () => {
    const productId = await stocked();
    const { cartId, preview, pay } = await inCheckout(productId);
    expect((await preview()).body.data.total_amount).toBe('20.00');
    // Applied by somebody else while the confirm waits for the cart.
    await schedule([productId], '13.00');
    const steps = `perform from carts where id = ${cartId} for update; perform apply_due_prices(10)`;
    const paid = await overlap(shop, { steps }, pay);
    expect(paid.body.data).toMatchObject({ total_paid: '20.00' });
    expect(await priceOf(productId)).toBe('13.00');
  });

  it('that waits for stock in between: the same', async () => {
    const productId = await stocked();
    const { preview, pay } = await inCheckout(productId);
    await preview();
    await schedule([productId], '13.00');
    const steps = `
      perform from inventory where product_id = ${productId} for update;
      perform apply_due_prices(10)`;
    expect((await overlap(shop, { steps }, pay)).body.data).toMatchObject({ total_paid: '20.00' });
  });

  it('with a preview that waits: it shows the new price', async () => {
    const productId = await stocked();
    const { cartId, preview, pay } = await inCheckout(productId);
    await preview();
    await schedule([productId], '13.00');
    const steps = `perform from carts where id = ${cartId} for update; perform apply_due_prices(10)`;
    expect((await overlap(shop, { steps }, preview)).body.data.total_amount).toBe('26.00');
    expect((await pay()).body.data.total_paid).toBe('26.00');
  });

  it('at once, for many customers: each pays what was shown', async () => {
    const productId = await stocked();
    const checkouts = await Promise.all(Array.from({ length: 12 }, () => inCheckout(productId)));
    for (const { preview } of checkouts) await preview();
    await schedule([productId], '13.00');
    const answers = await Promise.all(checkouts.map(({ pay }) => pay()));
    expect(answers.map(({ body }) => body.data?.total_paid)).toEqual(Array.from({ length: 12 }, () => '20.00'));
    await expectInvariants(shop);
  });

  it('without a preview: the price of the moment', async () => {
    const productId = await stocked();
    const { pay } = await inCheckout(productId);
    await schedule([productId], '13.00');
    const paid = await pay();
    expect(paid.body.data.total_paid).toBe('26.00');
  });
});

describe('a price changed by hand', () => {
  it('while the hold keeps a scheduled one is told, if the preview showed another', async () => {
    const productId = await stocked();
    const { preview, pay } = await inCheckout(productId);
    await preview();
    const manager = await signInAs(shop, 'MANAGER');
    const body = { price: '11.00' };
    await shop.request('PATCH', `/admin/products/${productId}`, { token: manager.token, body });
    await schedule([productId], '13.00');
    expect((await pay()).body.error).toMatchObject({
      code: 'PRICE_CHANGED',
      details: { previous_total: '20.00', total: '22.00' },
    });
  });
});
