import { beforeAll, describe, expect, it } from 'vitest';
import { confirm, fillCart, newCustomer } from '../support/customer.ts';
import { makeBranch, makeProduct, makeStock, makeUser, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { openFloor, placeOrder } from '../support/orders.ts';
import { overlap } from '../support/overlap.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let floor: Awaited<ReturnType<typeof openFloor>>;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  floor = await openFloor(shop);
});

const move = (id: number, status: string) =>
  shop.request('PATCH', `/ops/orders/${id}/status`, { token: floor.manager.token, body: { status } });

describe('a cart that changes while its checkout waits for it', () => {
  const readyToPay = async (productId: number) => {
    const customer = await newCustomer(shop);
    const cartId = await fillCart(shop, customer, [[productId, 2]]);
    const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId };
    const preview = () => shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    return { cartId, preview, pay: () => confirm(shop, customer, terms) };
  };

  it('is empty: nothing is paid for nothing', async () => {
    const { cartId, preview, pay } = await readyToPay(goods.products[0]!.id);
    const steps = `
      update carts set updated_at = now() where id = ${cartId};
      delete from cart_items where cart_id = ${cartId}`;
    for (const checkout of [pay, preview]) {
      await shop.sql(
        'insert into cart_items (cart_id, product_id, quantity) values ($1, $2, 2) on conflict do nothing',
        [cartId, goods.products[0]!.id],
      );
      const { status, body } = await overlap(shop, { steps }, checkout);
      expect(body.error?.code).toBe('CART_EMPTY');
      expect(status).toBe(422);
    }
    expect(await shop.sql('select id from orders where cart_id = $1', [cartId])).toEqual([]);
  });

  it('has another price: the customer pays what was shown or is asked again', async () => {
    const { id } = goods.products[1]!;
    const { cartId, preview, pay } = await readyToPay(id);
    expect((await preview()).body.data.total_amount).toBe('19.00');
    const steps = `
      perform from hold_lines where cart_id = ${cartId} for update;
      update products set price = 10.50 where id = ${id}`;
    const { body } = await overlap(shop, { steps }, pay);
    expect(body.error).toMatchObject({
      code: 'PRICE_CHANGED',
      details: { previous_total: '19.00', total: '21.00' },
    });
  });
});

describe('an inventory row that is created while a checkout waits for another one', () => {
  it('is not sold from: nobody has locked it', async () => {
    const late = await makeProduct(shop);
    await makeStock(shop, { productId: late, branchId: goods.warehouseId, onHand: 5 });
    const customer = await newCustomer(shop);
    const cartId = await fillCart(shop, customer, [
      [goods.products[2]!.id, 1],
      [late, 5],
    ]);
    const steps = `
      perform from inventory where branch_id = ${goods.storeId} and product_id = ${goods.products[2]!.id} for update;
      insert into inventory (product_id, branch_id) values (${late}, ${goods.storeId});
      insert into stock_movements (inventory_id, delta, reason)
        select id, 5, 'INITIAL' from inventory where product_id = ${late} and branch_id = ${goods.storeId}`;
    const body = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId };
    const preview = () => shop.request('POST', '/checkout/preview', { token: customer.token, body });
    const early = await overlap(shop, { steps }, preview);
    expect(early.body.data.missing_items).toEqual([{ product_id: late, requested_quantity: 5, available_quantity: 0 }]);
    expect((await preview()).body.data.missing_items).toEqual([]);
  });
});

describe('a caller who is locked out while the request waits', () => {
  it('changes nobody any more', async () => {
    const [first, second] = [await signInAs(shop, 'ADMIN'), await signInAs(shop, 'ADMIN')];
    await makeUser(shop, { role: 'ADMIN' });
    const steps = `
      perform pg_advisory_xact_lock(hashtext('last_admin'));
      update users set is_active = false where id = ${first.id}`;
    const { status } = await overlap(shop, { steps }, () =>
      shop.request('PATCH', `/admin/users/${second.id}/toggle`, { token: first.token, body: { active: false } }),
    );
    expect(status).toBe(401);
    expect(await shop.sql('select is_active from users where id = $1', [second.id])).toEqual([{ is_active: true }]);
  });

  it('is not served after a pause either', async () => {
    const customer = await newCustomer(shop);
    await shop.sql(`update sessions set last_used_at = now() - interval '1 hour' where user_id = $1`, [customer.id]);
    const steps = `update users set is_active = false where id = ${customer.id}`;
    const { status } = await overlap(shop, { steps }, () => shop.request('GET', '/cart', { token: customer.token }));
    expect(status).toBe(401);
    expect(await shop.sql('select id from carts where user_id = $1', [customer.id])).toEqual([]);
  });
});

describe('a refund that fails meanwhile', () => {
  /** An order with a refund of 7.90 that is promised and not paid yet. */
  const refundedOrder = async (status: string) => {
    const lines = [{ productId: goods.products[0]!.id }, { productId: goods.products[5]!.id }];
    const order = await placeOrder(shop, { userId: floor.customer.id, branchId: goods.storeId, lines, status });
    await shop.sql(
      `insert into refunds (order_id, payment_id, order_item_id, amount, reason, next_attempt_at)
       select order_id, id, $2, 7.90, 'REPLACEMENT', 'infinity' from payments where order_id = $1`,
      [order.id, order.itemIds[0]],
    );
    return order.id;
  };
  const failing = (id: number) => `update refunds set status = 'FAILED', settled_at = now() where order_id = ${id}`;

  it('is part of what a cancellation pays back', async () => {
    const id = await refundedOrder('READY');
    const { body } = await overlap(shop, { steps: failing(id) }, () => move(id, 'CANCELED'));
    expect(body.data).toMatchObject({ status: 'CANCELED', refunded_amount: '25.90' });
    const refunds = `select amount, reason from refunds where order_id = $1 and status <> 'FAILED'`;
    expect(await shop.sql(refunds, [id])).toEqual([{ amount: '25.90', reason: 'CANCEL' }]);
    await expectInvariants(shop);
  });

  it('is revenue of an order delivered at that moment', async () => {
    const id = await refundedOrder('READY');
    const { status } = await overlap(shop, { steps: failing(id) }, () => move(id, 'DELIVERED'));
    expect(status).toBe(200);
    await expectInvariants(shop);
  });
});

it('counts both of two reviews at once', async () => {
  const { id } = goods.products[2]!;
  const other = await makeUser(shop);
  const steps = `insert into reviews (product_id, user_id, rating) values (${id}, ${other.id}, 2)`;
  await overlap(shop, { steps }, () =>
    shop.request('POST', `/catalog/products/${id}/reviews`, { token: floor.customer.token, body: { rating: 5 } }),
  );
  expect(await shop.sql('select rating_average, rating_count from products where id = $1', [id])).toEqual([
    { rating_average: '3.50', rating_count: 2 },
  ]);
});

it('lists a product as in stock by branches that are open, though its shelf is filled at that moment', async () => {
  const [branchId, id] = [await makeBranch(shop), await makeProduct(shop)];
  const shelf = await makeStock(shop, { productId: id, branchId, onHand: 0 });
  const steps = `insert into stock_movements (inventory_id, delta, reason) values (${shelf}, 5, 'COUNT')`;
  const { body } = await overlap(shop, { steps }, () =>
    shop.request('PATCH', `/admin/branches/${branchId}/toggle`, { token: floor.admin.token }),
  );
  expect(body.data.is_active).toBe(false);
  await expectInvariants(shop);
});

it('tells a timeline in the order of events, whoever asked first', async () => {
  const lines = [{ productId: goods.products[3]!.id }];
  const { id } = await placeOrder(shop, { userId: floor.customer.id, branchId: goods.storeId, lines });
  const { manager, employee } = floor;
  await shop.sql(`update sessions set last_used_at = now() - interval '1 hour' where user_id = $1`, [manager.id]);
  const steps = `perform from sessions where user_id = ${manager.id} for update`;
  const until = `(select status from orders where id = ${id}) = 'IN_PROGRESS'`;
  const [delayed] = await overlap(shop, { steps, until }, async () => {
    const later = move(id, 'DELAYED');
    const waiting = `select count(*)::int as n from pg_locks where not granted and locktype = 'transactionid'`;
    while ((await shop.sql(waiting))[0]!.n === 0);
    const first = shop.request('PATCH', `/ops/orders/${id}/status`, {
      token: employee.token,
      body: { status: 'IN_PROGRESS' },
    });
    return Promise.all([later, first]);
  });
  const { timeline } = delayed!.body.data;
  expect(timeline.map((event: { status: string }) => event.status)).toEqual(['CREATED', 'IN_PROGRESS', 'DELAYED']);
  const times = timeline.map((event: { at: string }) => event.at);
  expect(times).toEqual(times.toSorted());
});
