import { beforeAll, describe, expect, it } from 'vitest';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

interface DayOrder {
  id: number;
  customer: Customer;
  isDelivery: boolean;
  /** What its timeline must read at the end. */
  course: string[];
}

let shop: Shop;
let goods: StandardShop;
let employee: string;
let manager: string;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  [employee, manager] = [(await signInAs(shop, 'EMPLOYEE')).token, (await signInAs(shop, 'MANAGER')).token];
});

async function ask(token: string, method: string, path: string, body?: object) {
  const answer = await shop.request(method, path, { token, ...(body && { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body.data;
}

async function move(token: string, order: DayOrder, status: string) {
  await ask(token, 'PATCH', `/ops/orders/${order.id}/status`, { status });
  order.course.push(status);
}

/** Three lines of two units each; every third order is picked up at the store. */
async function buy(customer: Customer, number: number): Promise<DayOrder> {
  const isDelivery = number % 3 !== 0;
  const wanted = [number, number + 1, number + 2].map((n): [number, number] => [goods.products[n % 10]!.id, 2]);
  const cartId = await fillCart(shop, customer, wanted);
  const slot = goods.slots.find((each) => each.branch_id === goods.warehouseId && each.day_of_week === number % 7)!;
  const terms = isDelivery
    ? delivery(cartId, slot.id)
    : { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId };
  await ask(customer.token, 'POST', '/checkout/preview', terms);
  const placed = await confirm(shop, customer, terms);
  expect(placed.status).toBe(201);
  return { id: placed.body.data.order_id, customer, isDelivery, course: ['CREATED'] };
}

/** Walks the bins: in every fifth order a line is replaced, in another fifth one is missing. */
async function pickAll(order: DayOrder, number: number) {
  const { items } = await ask(employee, 'GET', `/ops/orders/${order.id}`);
  for (const [index, item] of items.entries()) {
    const replacement = goods.products.find((product) => !items.some((other: any) => other.product_id === product.id))!;
    const outcome =
      index === 0 && number % 5 === 1
        ? { picked_status: 'REPLACED', replacement_product_id: replacement.id }
        : { picked_status: index === 0 && number % 5 === 2 ? 'MISSING' : 'PICKED' };
    await ask(employee, 'PATCH', `/ops/orders/${order.id}/items/${item.id}/picked-status`, outcome);
  }
  if (number % 5 !== 2) return move(employee, order, 'READY');
  await move(employee, order, 'MISSING');
  await move(manager, order, 'READY');
}

describe('a full day', () => {
  it('ends with stock, money and every timeline adding up', async () => {
    const customers = await Promise.all(Array.from({ length: 6 }, () => newCustomer(shop)));
    const orders = (
      await Promise.all(
        customers.map(async (customer, c) => {
          const bought: DayOrder[] = [];
          for (let n = 0; n < 5; n += 1) bought.push(await buy(customer, c * 5 + n));
          return bought;
        }),
      )
    ).flat();

    const [canceled, work] = [orders.slice(0, 3), orders.slice(3)];
    for (const order of canceled) {
      await ask(order.customer.token, 'POST', `/orders/${order.id}/cancel`);
      order.course.push('CANCELED');
    }

    const ids = work.map((order) => order.id);
    const batches = await Promise.all(
      [ids.slice(0, 20), ids.slice(20)].map((order_ids) => ask(employee, 'POST', '/ops/batches', { order_ids })),
    );
    for (const order of work) order.course.push('IN_PROGRESS');
    await Promise.all(
      [0, 1].map(async (half) => {
        for (const [n, order] of work.entries()) if (n % 2 === half) await pickAll(order, n);
      }),
    );
    for (const batch of batches)
      expect((await ask(employee, 'POST', `/ops/batches/${batch.id}/complete`)).status).toBe('COMPLETED');

    const [given, delayed, ...leaving] = work as [DayOrder, DayOrder, ...DayOrder[]];
    await move(manager, given, 'CANCELED');
    await move(manager, delayed, 'DELAYED');
    await move(manager, delayed, 'READY');
    for (const [n, order] of leaving.entries()) {
      if (order.isDelivery) await move(manager, order, 'OUT_FOR_DELIVERY');
      if (n > 2) await move(manager, order, 'DELIVERED');
    }

    const [shelf] = await ask(employee, 'GET', '/ops/inventory');
    await ask(employee, 'PATCH', `/ops/inventory/${shelf.id}`, { available_quantity: shelf.available_quantity + 3 });
    const request = await ask(employee, 'POST', '/stock-requests', {
      branch_id: goods.storeId,
      product_id: goods.products[0]!.id,
      quantity: 12,
      request_type: 'ADD_QUANTITY',
    });
    await ask(manager, 'PATCH', `/stock-requests/admin/${request.id}/resolve`, { status: 'APPROVED' });
    const { items } = await ask(employee, 'GET', `/ops/orders/${delayed.id}`);
    const damage = `/ops/orders/${delayed.id}/items/${items[0].id}/report-damage`;
    await ask(employee, 'POST', damage, { reason: 'Dropped', quantity: 1 });

    await expectInvariants(shop);
    for (const order of orders) {
      const { timeline } = await ask(order.customer.token, 'GET', `/orders/${order.id}`);
      expect(timeline.map((event: { status: string }) => event.status)).toEqual(order.course);
    }
    const [money] = await shop.sql<{ kept: string; open: string; refunded: string }>(
      `select sum(p.amount - p.refunded_amount) as kept, sum(p.refunded_amount) as refunded,
              sum(p.amount - p.refunded_amount) filter (where o.status not in ('DELIVERED', 'CANCELED')) as open
       from payments p join orders o on o.id = p.order_id`,
    );
    const revenue = await ask(manager, 'GET', '/admin/analytics/revenue');
    expect(Number(money!.refunded)).toBeGreaterThan(0);
    expect(Number(money!.kept)).toBeCloseTo(Number(revenue.total) + Number(money!.open), 10);
    expect(revenue.orders).toBe(orders.filter((order) => order.course.at(-1) === 'DELIVERED').length);
    expect((await ask(manager, 'GET', '/ops/performance')).pickedItems).toBeGreaterThan(0);
  });
});
