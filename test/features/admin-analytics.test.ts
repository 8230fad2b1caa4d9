import { beforeAll, describe, expect, it } from 'vitest';
import { makeUser, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let stocked: StandardShop;
let token: string;
let customerId: number;
beforeAll(async () => {
  // Orders are written by hand, for the sake of their times: no shelf knows of them.
  shop = await openShop({ invariants: false });
  stocked = await standardShop(shop);
  token = (await signInAs(shop, 'MANAGER')).token;
  customerId = (await makeUser(shop)).id;
});

const figures = async (path: string, query: Record<string, string | number> = {}) => {
  const answer = await shop.request('GET', `/admin/analytics/${path}`, { token, query });
  expect([answer.status, answer.trips]).toEqual([200, 1]);
  return answer.body.data;
};

interface Line {
  product: number;
  quantity: number;
  price: string;
  state?: 'PICKED' | 'MISSING' | 'REPLACED';
  replacement?: number;
  replacementPrice?: string;
}

let made = 0;
/** A placed and paid order, placed and delivered when the SQL expressions say. */
async function makeOrder(order: {
  lines: Line[];
  deliveredAt?: string;
  placedAt?: string;
  status?: string;
  slotId?: number;
}) {
  const { lines, deliveredAt, placedAt = 'now()', status = deliveredAt ? 'DELIVERED' : 'CREATED', slotId } = order;
  made += 1;
  const total = lines.reduce((sum, { price, quantity }) => sum + Math.round(Number(price) * 100) * quantity, 0) / 100;
  const [row] = await shop.sql<{ id: number }>(
    `insert into orders (order_number, user_id, fulfillment_type, branch_id, goods_total, total_amount, currency, placed_at,
                         delivery_slot_id, delivery_date, delivery_address, window_start, window_end)
     values ($1, $2, $3, 1, $4, $4, 'ILS', ${placedAt}, $5, case when $5::int is not null then current_date + 1 end,
             'Herzl 1', now(), now()) returning id`,
    [`ANALYTICS-${made}`, customerId, slotId ? 'DELIVERY' : 'PICKUP', total, slotId ?? null],
  );
  const id = row!.id;
  for (const { product, quantity, price, state = 'PICKED', replacement, replacementPrice } of lines) {
    await shop.sql(
      `insert into order_items (order_id, product_id, name, sku, unit_price, quantity, picked_status,
                                replacement_product_id, replacement_unit_price)
       values ($1, $2, 'As bought', 'OLD-SKU', $3, $4, $5, $6, $7)`,
      [id, product, price, quantity, state, replacement ?? null, replacementPrice ?? null],
    );
  }
  const [payment] = await shop.sql<{ id: number }>(
    `insert into payments (order_id, provider, idempotency_key, amount, currency, status, captured_at)
     values ($1, 'mockpay', $2, $3, 'ILS', 'CAPTURED', now()) returning id`,
    [id, `ANALYTICS-${made}`, total],
  );
  if (status !== 'CREATED') {
    await shop.sql(`update orders set status = $2, delivered_at = ${deliveredAt ?? 'null'} where id = $1`, [
      id,
      status,
    ]);
  }
  return { id, paymentId: payment!.id };
}

const refund = (order: { id: number; paymentId: number }, amount: string, status = 'PENDING') =>
  shop.sql(`insert into refunds (order_id, payment_id, amount, reason, status) values ($1, $2, $3, 'DAMAGE', $4)`, [
    order.id,
    order.paymentId,
    amount,
    status,
  ]);

/** Midnight at the beginning of the shop's day, so many days ago. */
const midnight = (daysAgo: number) =>
  `(((now() at time zone 'Asia/Jerusalem')::date - ${daysAgo})::timestamp at time zone 'Asia/Jerusalem')`;

describe('an empty shop', () => {
  it('answers zeros for every period', async () => {
    const revenue = await figures('revenue', { range: '30d' });
    expect(revenue.labels).toHaveLength(30);
    expect(revenue.values).toEqual(Array(30).fill(0));
    expect(revenue).toMatchObject({ total: '0.00', orders: 0, average_order_value: '0.00' });
    expect(await figures('top-products', { range: '30d' })).toEqual([]);
    expect(await figures('orders', { range: '30d' })).toEqual({
      by_status: {
        CREATED: 0,
        IN_PROGRESS: 0,
        READY: 0,
        OUT_FOR_DELIVERY: 0,
        DELIVERED: 0,
        CANCELED: 0,
        DELAYED: 0,
        MISSING: 0,
      },
      by_slot: [],
      canceled_rate: 0,
      average_items: 0,
    });
    const inventory = await figures('inventory');
    expect(inventory.turnover[0]).toMatchObject({ units_sold: 0, days_of_stock: null });
  });
});

describe('with orders', () => {
  let milk: number;
  let bread: number;
  let cheese: number;
  beforeAll(async () => {
    [milk, , , , cheese, bread] = stocked.products.map(({ id }) => id) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const today = await makeOrder({
      lines: [
        { product: milk, quantity: 4, price: '10.00' },
        { product: bread, quantity: 2, price: '5.05', state: 'MISSING' },
      ],
      deliveredAt: `${midnight(0)}`,
    });
    await refund(today, '10.10');
    await makeOrder({
      lines: [
        { product: milk, quantity: 3, price: '8.00', state: 'REPLACED', replacement: cheese, replacementPrice: '7.50' },
        { product: bread, quantity: 1, price: '6.00' },
      ],
      // A second before the shop's midnight: the evening before in the shop, whatever UTC says.
      deliveredAt: `${midnight(0)} - interval '1 second'`,
    });
    const failed = await makeOrder({
      lines: [{ product: milk, quantity: 1, price: '100.00' }],
      deliveredAt: midnight(29),
      slotId: stocked.slots[0]!.id,
    });
    await refund(failed, '40.00');
    await shop.sql(`update refunds set status = 'FAILED' where order_id = $1`, [failed.id]);
    await makeOrder({
      lines: [{ product: bread, quantity: 50, price: '1.00' }],
      deliveredAt: `${midnight(29)} - interval '1 second'`,
      placedAt: midnight(31),
    });
    await makeOrder({ lines: [{ product: bread, quantity: 9, price: '1.00' }], slotId: stocked.slots[0]!.id });
    await makeOrder({
      lines: [{ product: bread, quantity: 7, price: '1.00' }],
      status: 'CANCELED',
      slotId: stocked.slots[0]!.id,
    });
    // Its payment is not captured: it exists for nobody.
    await makeOrder({ lines: [{ product: bread, quantity: 7, price: '1.00' }], placedAt: 'null' });
  });

  it('shows revenue by the day of delivery in the shop, net of refunds that have not failed', async () => {
    const revenue = await figures('revenue', { range: '30d' });
    const [{ today }] = (await shop.sql(`select (now() at time zone 'Asia/Jerusalem')::date::text as today`)) as any;
    expect(revenue.labels.at(-1)).toBe(today);
    expect(revenue.values.at(-1)).toBe(40);
    expect(revenue.values.at(-2)).toBe(30);
    expect(revenue.values[0]).toBe(100);
    expect(revenue).toMatchObject({ total: '170.00', orders: 3, average_order_value: '56.67' });
    expect((await figures('revenue', { range: '31d' })).total).toBe('220.00');
  });

  it('shows revenue by month and by year, as the range asks or as told', async () => {
    const months = await figures('revenue', { range: '12m' });
    expect(months.labels).toHaveLength(12);
    expect(months.labels.every((label: string) => /^\d{4}-\d{2}$/.test(label))).toBe(true);
    expect([...months.labels].sort()).toEqual(months.labels);
    expect(months.total).toBe('220.00');
    const years = await figures('revenue', { range: '2y', granularity: 'year' });
    expect(years.labels).toHaveLength(2);
    expect(years.labels.every((label: string) => /^\d{4}$/.test(label))).toBe(true);
    expect(years.values.reduce((sum: number, value: number) => sum + value, 0)).toBe(220);
    expect((await figures('revenue', { range: '2m', granularity: 'day' })).values.at(-1)).toBe(40);
    expect((await figures('revenue', {})).labels).toHaveLength(30);
  });

  it('shows what sold best: nothing missing, replacements at the price charged', async () => {
    const products = await figures('top-products', { range: '30d' });
    expect(products).toEqual([
      { product_id: milk, name: 'Fresh milk 3%', sku: 'MILK-3', units: 5, revenue: '140.00' },
      { product_id: cheese, name: 'Yellow cheese', sku: 'DAIRY-YELLOW', units: 3, revenue: '22.50' },
      { product_id: bread, name: 'Sourdough bread', sku: 'BAKERY-SOUR', units: 1, revenue: '6.00' },
    ]);
    const [best] = await figures('top-products', { range: '12m', limit: 1 });
    expect(best).toEqual({
      product_id: bread,
      name: 'Sourdough bread',
      sku: 'BAKERY-SOUR',
      units: 51,
      revenue: '56.00',
    });
  });

  it('agrees with the lines themselves over every range', async () => {
    for (const [range, days] of [
      ['1d', 0],
      ['2d', 1],
      ['29d', 28],
      ['30d', 29],
      ['31d', 30],
      ['90d', 89],
    ] as const) {
      const products = await figures('top-products', { range, limit: 100 });
      const raw = await shop.sql(
        `select coalesce(i.replacement_product_id, i.product_id) as product_id, sum(i.quantity)::int as units
         from order_items i join orders o on o.id = i.order_id
         where o.status = 'DELIVERED' and i.picked_status <> 'MISSING' and o.delivered_at >= ${midnight(days)}
         group by 1 order by units desc, 1`,
      );
      expect(products.map(({ product_id, units }: any) => ({ product_id, units }))).toEqual(raw);
    }
  });

  it('counts the orders placed by status and slot', async () => {
    const orders = await figures('orders', { range: '30d' });
    expect(orders.by_status).toMatchObject({ CREATED: 1, DELIVERED: 3, CANCELED: 1, READY: 0 });
    const [{ tomorrow }] = (await shop.sql('select (current_date + 1)::text as tomorrow')) as any;
    expect(orders.by_slot).toEqual([{ slot_id: stocked.slots[0]!.id, date: tomorrow, orders: 2, capacity: 50 }]);
    expect(orders.canceled_rate).toBe(0.2);
    expect(orders.average_items).toBe((6 + 4 + 1 + 9 + 7) / 5);
    expect((await figures('orders', { range: '12m' })).by_status.DELIVERED).toBe(4);
  });

  it('loses nothing of orders that are delivered at once', async () => {
    const before = await figures('revenue', { range: '1d' });
    const [best] = await figures('top-products', { range: '1d', limit: 1 });
    const orders: { id: number }[] = [];
    for (let n = 0; n < 20; n++) {
      const lines = [milk, bread, cheese].map((product) => ({ product, quantity: 1, price: '2.00' }));
      orders.push(await makeOrder({ lines: n % 2 ? lines : lines.reverse(), status: 'READY' }));
    }
    await Promise.all(
      orders.map(({ id }) =>
        shop.sql(`update orders set status = 'DELIVERED', delivered_at = now() where id = $1`, [id]),
      ),
    );
    const after = await figures('revenue', { range: '1d' });
    expect([after.orders, after.values[0]]).toEqual([before.orders + 20, before.values[0] + 120]);
    const [now] = await figures('top-products', { range: '1d', limit: 1 });
    expect([now.product_id, now.units]).toEqual([best.product_id, best.units + 20]);
  });

  it('values the stock and tells how long it lasts', async () => {
    const [{ value }] = (await shop.sql(
      'select sum(i.on_hand * p.price)::text as value from inventory i join products p on p.id = i.product_id',
    )) as any;
    const all = await figures('inventory');
    expect(all).toMatchObject({ stock_value: value, units: 1200, low_stock: 0, out_of_stock: 0 });
    const milkRow = all.turnover.find(({ product_id }: any) => product_id === milk);
    expect(milkRow).toEqual({ product_id: milk, name: 'Fresh milk 3%', units_sold: 25, days_of_stock: 144 });
    expect(all.turnover.map(({ units_sold }: any) => units_sold)).toEqual(
      all.turnover.map(({ units_sold }: any) => units_sold).sort((a: number, b: number) => b - a),
    );
    const store = await figures('inventory', { branch_id: stocked.storeId });
    expect(store.units).toBe(200);
    expect(store.turnover.every(({ units_sold }: any) => units_sold === 0)).toBe(true);
    await shop.sql(
      `insert into stock_movements (inventory_id, delta, reason)
       select id, case product_id when $2 then -20 else -16 end, 'COUNT' from inventory
       where branch_id = $1 and product_id in ($2, $3)`,
      [stocked.storeId, milk, bread],
    );
    expect(await figures('inventory', { branch_id: stocked.storeId })).toMatchObject({
      low_stock: 1,
      out_of_stock: 1,
      units: 164,
    });
    const absent = await shop.request('GET', '/admin/analytics/inventory', { token, query: { branch_id: 99_999 } });
    expect(absent.status).toBe(404);
  });
});

it('refuses ranges that are none and callers who may not', async () => {
  for (const query of [
    { range: '30' },
    { range: '0d' },
    { range: '11y' },
    { range: '-3d' },
    { granularity: 'week' },
    { range: '' },
  ]) {
    const answer = await shop.request('GET', '/admin/analytics/revenue', { token, query });
    expect([query, answer.status]).toEqual([query, 400]);
  }
  const employee = await signInAs(shop, 'EMPLOYEE');
  for (const path of ['revenue', 'top-products', 'orders', 'inventory']) {
    expect((await shop.request('GET', `/admin/analytics/${path}`, { token: employee.token })).status).toBe(403);
  }
});
