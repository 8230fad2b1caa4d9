import { beforeAll, describe, expect, inject, it } from 'vitest';
import { confirm, fillCart, newCustomer } from '../support/customer.ts';
import { onDatabase, runTransaction } from '../support/database.ts';
import { settle } from '../support/events.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { deliveredOrder, openFloor, placeOrder } from '../support/orders.ts';
import { overlap } from '../support/overlap.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

interface Event {
  id: number;
  position: string;
  type: string;
  entity_id: number;
  version: number;
  data: Record<string, unknown>;
}

let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
});

const START = '0-0';

/** As any reader by position does. */
async function readNow(position: string): Promise<Event[]> {
  const [xid, number] = position.split('-');
  return shop.sql<Event>(
    'select * from settled_events where (xid, number) > ($1::xid8, $2::bigint) order by xid, number',
    [xid, number],
  );
}

/** Everything that has been committed so far. */
async function readBehind(position: string): Promise<Event[]> {
  await settle(shop);
  return readNow(position);
}

/** A position behind everything that has happened. */
async function now(): Promise<string> {
  const [row] = await shop.sql<{ position: string }>(`select pg_current_xact_id() || '-0' as position`);
  return row!.position;
}

const ofOrder = async (token: string, orderId: number, query = {}) => {
  await settle(shop);
  const { status, body, text } = await shop.request('GET', `/orders/${orderId}/events`, { token, query });
  expect(status, text).toBe(200);
  return body.data as Event[];
};

describe('readers by position', () => {
  it('never skip a transaction that commits late, as readers of a sequence do', async () => {
    const [late, early] = [await makeProduct(shop), await makeProduct(shop)];
    const start = await now();
    const bySequence = (after: number) =>
      shop.sql<{ id: number; entity_id: number }>('select id, entity_id from events where id > $1 order by id', [
        after,
      ]);
    const lastId = Math.max(...(await bySequence(0)).map(({ id }) => id));
    const seen = await overlap(shop, { steps: `update products set price = 11 where id = ${late}` }, async () => {
      await shop.sql('update products set price = 12 where id = $1', [early]);
      const found = { bySequence: await bySequence(lastId), byPosition: await readNow(start) };
      // Waits for the late one.
      await shop.sql('select id from products where id = $1 for update', [late]);
      return found;
    });
    expect(seen.bySequence.map(({ entity_id }) => entity_id)).toEqual([early]);
    expect(await bySequence(seen.bySequence.at(-1)!.id), 'the late one has the lower number').toEqual([]);
    expect(seen.byPosition, 'waits for the older transaction').toEqual([]);
    expect((await readBehind(start)).map(({ entity_id }) => entity_id)).toEqual([late, early]);
  });

  it('get each event of 32 parallel writers once, in one order', async () => {
    const products = await Promise.all(Array.from({ length: 32 }, () => makeProduct(shop)));
    const start = await now();
    const url = onDatabase(inject('ownerUrl'), shop.database);
    let isWriting = true;
    const write = async (productId: number) => {
      for (let price = 1; price <= 6; price++) {
        await runTransaction(url, [
          `update products set price = ${price} where id = ${productId}`,
          // Transactions of different lengths, so that they commit in another order than they began.
          'select pg_sleep(random() * 0.02)',
          `update products set old_price = ${price + 100} where id = ${productId}`,
        ]);
      }
    };
    const read = async () => {
      const events: Event[] = [];
      while (isWriting) events.push(...(await readNow(events.at(-1)?.position ?? start)));
      events.push(...(await readBehind(events.at(-1)?.position ?? start)));
      return events;
    };
    const readers = [read(), read(), read()];
    await Promise.all(products.map(write));
    isWriting = false;
    const all = (await readBehind(start)).map(({ id }) => id);
    expect(all).toHaveLength(32 * 6 * 2);
    for (const events of await Promise.all(readers)) {
      expect(events.map(({ id }) => id)).toEqual(all);
      for (const productId of products) {
        const versions = events.filter((event) => event.entity_id === productId).map(({ version }) => version);
        expect(versions).toEqual(Array.from({ length: 12 }, (_, i) => i + 2));
      }
    }
  });
});

describe('what is an event', () => {
  it('a purchase: its payment, and the order from when it is placed', async () => {
    const productId = await makeProduct(shop, { price: '200.00' });
    await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 2 });
    const customer = await newCustomer(shop);
    const start = await now();
    const bought = await confirm(shop, customer, {
      ...(await termsFor(customer, productId, 2)),
    });
    expect(bought.status, bought.text).toBe(201);
    const types = (await readBehind(start)).map(({ type }) => type);
    expect(types).toEqual(['stock.out', 'payment.captured', 'order.created']);
    const events = await ofOrder(customer.token, bought.body.data.order_id);
    expect(events.map(({ type }) => type)).toEqual(types.slice(1));
    expect(events.at(-1)!.data).toMatchObject({ status: 'CREATED', previous_status: null, total_amount: '400.00' });
    await shop.request('POST', `/orders/${bought.body.data.order_id}/cancel`, { token: customer.token });
    const after = await ofOrder(customer.token, bought.body.data.order_id, { after: events.at(-1)!.position });
    expect(after.map(({ type }) => type)).toEqual(['order.status_changed', 'payment.refunded']);
    expect((await readBehind(start)).map(({ type }) => type)).toContain('stock.in');
  });

  it('nothing of a purchase that was rolled back', async () => {
    const productId = await makeProduct(shop);
    await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 1 });
    const customer = await newCustomer(shop);
    const terms = await termsFor(customer, productId, 1);
    await shop.sql(`insert into stock_movements (inventory_id, delta, reason)
      select id, -1, 'ADJUSTMENT' from inventory where product_id = ${productId}`);
    const start = await now();
    expect((await confirm(shop, customer, terms)).status).toBe(409);
    expect(await readBehind(start)).toEqual([]);
  });

  it('each line that is picked, with the version of its order', async () => {
    const { customer, employee } = await openFloor(shop);
    const order = await placeOrder(shop, {
      userId: customer.id,
      branchId: goods.storeId,
      lines: [{ productId: goods.products[0]!.id }, { productId: goods.products[1]!.id }],
    });
    const before = await ofOrder(customer.token, order.id);
    await shop.request('PATCH', `/ops/orders/${order.id}/items/${order.itemIds[0]}/picked-status`, {
      token: employee.token,
      body: { picked_status: 'PICKED' },
    });
    const picked = await ofOrder(customer.token, order.id, { after: before.at(-1)!.position });
    expect(picked.map(({ type, data }) => [type, data.picked_status ?? data.status])).toEqual(
      expect.arrayContaining([
        ['order.status_changed', 'IN_PROGRESS'],
        ['order.item_changed', 'PICKED'],
      ]),
    );
    expect(picked).toHaveLength(2);
    const versions = picked.map(({ version }) => version);
    expect(versions).toEqual([versions[0], versions[0]! + 1]);
  });

  it('a claim and its decision', async () => {
    const { customer, manager } = await openFloor(shop);
    const order = await deliveredOrder(shop, {
      userId: customer.id,
      branchId: goods.storeId,
      lines: [{ productId: goods.products[0]!.id }],
    });
    const start = await now();
    const items = [{ item_id: order.itemIds[0], quantity: 1, problem: 'DAMAGED' }];
    const { body } = await shop.request('POST', `/orders/${order.id}/claims`, {
      token: customer.token,
      body: { items, wanted: 'REFUND' },
    });
    await shop.request('PATCH', `/ops/claims/${body.data.id}`, {
      token: manager.token,
      body: { decisions: [{ item_id: order.itemIds[0], quantity: 1, approve: false }] },
    });
    expect((await ofOrder(customer.token, order.id, { after: start })).map(({ type }) => type)).toEqual([
      'claim.created',
      'claim.decided',
    ]);
  });

  it('a change of a product, but not a rating', async () => {
    const productId = await makeProduct(shop);
    const { manager, customer } = await openFloor(shop);
    const start = await now();
    await shop.request('PATCH', `/admin/products/${productId}`, { token: manager.token, body: { price: '7.50' } });
    await shop.request('POST', `/catalog/products/${productId}/reviews`, {
      token: customer.token,
      body: { rating: 5 },
    });
    const events = await readBehind(start);
    expect(events.map(({ type, data }) => [type, data.price])).toEqual([['product.updated', '7.50']]);
  });
});

describe('GET /orders/{id}/events', () => {
  it("is the caller's own order, or any for staff", async () => {
    const { customer, employee } = await openFloor(shop);
    const stranger = await signInAs(shop);
    const lines = [{ productId: goods.products[0]!.id }];
    const { id } = await placeOrder(shop, { userId: customer.id, branchId: goods.storeId, lines });
    expect(await ofOrder(employee.token, id)).toEqual(await ofOrder(customer.token, id));
    expect((await shop.request('GET', `/orders/${id}/events`, { token: stranger.token })).status).toBe(404);
  });

  it.each(['yesterday', '1', '-1-1', '18446744073709551616-1', '1-9223372036854775808', '1-1-1'])(
    'refuses %s as a position',
    async (after) => {
      const { customer } = await openFloor(shop);
      const { status, body } = await shop.request('GET', '/orders/1/events', {
        token: customer.token,
        query: { after },
      });
      expect([status, body.error.message]).toEqual([400, 'query.after: must be the position of an event']);
    },
  );

  it('takes the highest position there is', async () => {
    const { customer } = await openFloor(shop);
    const lines = [{ productId: goods.products[0]!.id }];
    const { id } = await placeOrder(shop, { userId: customer.id, branchId: goods.storeId, lines });
    expect(await ofOrder(customer.token, id, { after: '18446744073709551615-9223372036854775807' })).toEqual([]);
    expect((await ofOrder(customer.token, id, { after: START, limit: 1 })).map(({ type }) => type)).toEqual([
      'order.created',
    ]);
  });
});

describe('events', () => {
  it('cannot be changed, by nobody', async () => {
    await expect(shop.sql('update events set type = type')).rejects.toMatchObject({ code: '42501' });
    await expect(shop.sql('delete from events')).rejects.toMatchObject({ code: '42501' });
  });
});

async function termsFor(customer: Awaited<ReturnType<typeof newCustomer>>, productId: number, quantity: number) {
  const cartId = await fillCart(shop, customer, [[productId, quantity]]);
  return { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.warehouseId };
}
