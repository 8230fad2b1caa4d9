import { beforeAll, expect, it } from 'vitest';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
});

const ORDERS = 30;
const PICKUPS = 5;

interface Placed {
  id: number;
  customer: Customer;
  isPickup: boolean;
}

/** A request that has to work out. */
async function ok(answer: Promise<ShopResponse>): Promise<any> {
  const { status, body, text } = await answer;
  if (status >= 300) throw new Error(`${status}: ${text}`);
  return body.data;
}

async function buy(index: number): Promise<Placed> {
  const customer = await newCustomer(shop);
  const isPickup = index < PICKUPS;
  const product = (offset: number) => goods.products[(index + offset) % goods.products.length]!.id;
  const cartId = await fillCart(shop, customer, [
    [product(0), 1],
    [product(3), 2],
    [product(6), 1],
  ]);
  const slot = goods.slots.find((one) => one.branch_id === goods.warehouseId)!;
  const terms = isPickup
    ? { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId }
    : delivery(cartId, slot.id);
  const { order_id } = await ok(confirm(shop, customer, terms));
  return { id: order_id, customer, isPickup };
}

it('ends a full day with stock, money and papers in order', async () => {
  const [employee, manager, admin] = await Promise.all([
    signInAs(shop, 'EMPLOYEE'),
    signInAs(shop, 'MANAGER'),
    signInAs(shop, 'ADMIN'),
  ]);
  const as =
    ({ token }: { token: string }) =>
    (method: string, path: string, body?: unknown) =>
      ok(shop.request(method, path, { token, ...(body === undefined ? {} : { body }) }));
  const move = (who: { token: string }, id: number, status: string) =>
    as(who)('PATCH', `/ops/orders/${id}/status`, { status });

  // The morning: thirty purchases, three changes of mind.
  const placed = await Promise.all(Array.from({ length: ORDERS }, (_, index) => buy(index)));
  const canceled = placed.slice(-3);
  for (const { id, customer } of canceled) await as(customer)('POST', `/orders/${id}/cancel`);
  const open = placed.slice(0, -3);

  // Picking in two batches. Every fifth order misses a line, every seventh gets a replacement.
  const batches = [];
  for (const orders of [open.slice(0, 20), open.slice(20)]) {
    batches.push(await as(employee)('POST', '/ops/batches', { order_ids: orders.map((order) => order.id) }));
  }
  for (const [index, { id }] of open.entries()) {
    const { items } = await as(employee)('GET', `/ops/orders/${id}`);
    for (const [line, item] of items.entries()) {
      const replacement = goods.products.find((product) => !items.some((one: any) => one.product_id === product.id))!;
      const pick =
        line === 0 && index % 5 === 0
          ? { picked_status: 'MISSING', reason: 'The shelf is empty' }
          : line === 1 && index % 7 === 0
            ? { picked_status: 'REPLACED', replacement_product_id: replacement.id }
            : { picked_status: 'PICKED' };
      await as(employee)('PATCH', `/ops/orders/${id}/items/${item.id}/picked-status`, pick);
    }
    if (index % 5 === 0) {
      await move(employee, id, 'MISSING');
      await move(manager, id, 'READY');
    } else {
      await move(employee, id, 'READY');
    }
  }
  for (const batch of batches) await as(employee)('POST', `/ops/batches/${batch.id}/complete`);

  // The afternoon: all but three are delivered or picked up; one of those is called off, one is late.
  const [calledOff, late, ...delivered] = open.slice(PICKUPS - 2).concat(open.slice(0, PICKUPS - 2));
  await move(manager, calledOff!.id, 'CANCELED');
  await move(manager, late!.id, 'DELAYED');
  for (const { id, isPickup } of delivered.slice(1)) {
    if (!isPickup) await move(manager, id, 'OUT_FOR_DELIVERY');
    await move(manager, id, 'DELIVERED');
  }

  // The shop floor: damage, a count, a request that is approved and one that is not.
  const [line] = (await as(employee)('GET', `/ops/orders/${late!.id}`)).items;
  await as(employee)('POST', `/ops/orders/${late!.id}/items/${line.id}/report-damage`, {
    reason: 'Torn bag',
    quantity: 1,
  });
  const [shelf] = await as(manager)('GET', `/admin/inventory?branch_id=${goods.warehouseId}&limit=1`);
  await as(employee)('PATCH', `/ops/inventory/${shelf.id}`, {
    available_quantity: shelf.available_quantity - 2,
    reason: 'Counted',
  });
  const request = {
    branch_id: goods.warehouseId,
    product_id: goods.products[9]!.id,
    quantity: 40,
    request_type: 'ADD_QUANTITY',
  };
  const wanted = await as(employee)('POST', '/stock-requests', request);
  const unwanted = await as(employee)('POST', '/stock-requests', request);
  await as(manager)('PATCH', `/stock-requests/admin/${wanted.id}/resolve`, { status: 'APPROVED' });
  await as(manager)('PATCH', `/stock-requests/admin/${unwanted.id}/resolve`, {
    status: 'REJECTED',
    rejection_reason: 'Enough',
  });

  // The night: the jobs keep what was promised.
  await shop.scheduled('*/5 * * * *');
  await shop.scheduled('0 * * * *');
  await expectInvariants(shop);

  const [money] = await shop.sql(
    `select
       sum(p.amount - p.refunded_amount)::text as kept,
       sum(p.amount - p.refunded_amount) filter (where o.status = 'DELIVERED')::text as earned,
       sum(p.amount - p.refunded_amount) filter (where o.status not in ('DELIVERED', 'CANCELED'))::text as open,
       sum(p.amount - p.refunded_amount) filter (where o.status = 'CANCELED')::text as canceled,
       (select count(*) from refunds where status <> 'SUCCEEDED')::int as unpaid_refunds,
       (select count(*) from refunds)::int as refunds
     from payments p join orders o on o.id = p.order_id`,
  );
  const revenue = await as(admin)('GET', '/admin/analytics/revenue?range=1d');
  expect(revenue).toMatchObject({ total: money!.earned, orders: delivered.length - 1 });
  expect(money).toMatchObject({ canceled: '0.00', unpaid_refunds: 0 });
  expect(Number(money!.kept)).toBeCloseTo(Number(revenue.total) + Number(money!.open), 2);
  expect(money!.refunds).toBeGreaterThan(canceled.length + 1);

  for (const { id, customer } of placed) {
    const order = await as(customer)('GET', `/orders/${id}`);
    const timeline = order.timeline.map((event: any) => event.status);
    expect(timeline[0]).toBe('CREATED');
    expect(timeline.at(-1)).toBe(order.status);
    const { items } = await as(customer)('GET', '/store/notifications');
    const told = items.filter((one: any) => one.type === 'ORDER_STATUS' && one.order_id === id);
    expect(told, order.order_number).toHaveLength(timeline.length);
  }
  const statuses = await shop.sql('select status, count(*) from orders group by status order by status');
  expect(Object.fromEntries(statuses.map((row) => [row.status, row.count]))).toEqual({
    CANCELED: 4,
    DELAYED: 1,
    DELIVERED: 24,
    READY: 1,
  });
  const [mails] = await shop.sql(`select count(*) from outbox where status = 'PENDING'`);
  expect(mails!.count).toBe(0);
}, 60_000);
