import { beforeAll, describe, expect, it } from 'vitest';
import { amending, type Wanted } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { newCustomer } from '../support/customer.ts';
import { makeProduct, makeSlot, makeStock } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { buy } from '../support/receipts.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
let change: ReturnType<typeof amending>;
beforeAll(async () => {
  shop = await openShop();
  floor = await authorizingShop(shop);
  change = amending(shop);
});

const code = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];
const more = ({ products }: { products: readonly [number, number] }, quantity = 3): Wanted => [
  [products[0], quantity],
  [products[1], 1],
];
/** The cut-off of the order's slot was a minute ago, or is in so many minutes. */
const cutOffIn = (id: number, minutes: number) =>
  shop.sql(
    `with slot as (
       insert into delivery_slots (branch_id, day_of_week, start_time, end_time, cutoff_minutes, is_active)
       select branch_id, extract(dow from window_start at time zone 'Asia/Jerusalem'), (window_start at time zone 'Asia/Jerusalem')::time,
         (window_end at time zone 'Asia/Jerusalem')::time, floor(extract(epoch from window_start - now()) / 60) - $2::integer, false
       from orders where id = $1 returning id
     )
     update orders set delivery_slot_id = slot.id, window_start = date_trunc('minute', now()) + interval '2 days',
       window_end = date_trunc('minute', now()) + interval '2 days 2 hours' from slot where orders.id = $1`,
    [id, minutes],
  );

describe('a preview is refused', () => {
  it.each([
    [{ lines: [] }, 'lines'],
    [{ lines: [{ product_id: 1, quantity: 0 }] }, 'lines.0.quantity'],
    [{ lines: [{ product_id: 1, quantity: 10_001 }] }, 'lines.0.quantity'],
    [{ lines: [{ product_id: 1.5, quantity: 1 }] }, 'lines.0.product_id'],
    [
      {
        lines: [
          { product_id: 1, quantity: 1 },
          { product_id: 1, quantity: 2 },
        ],
      },
      'lines',
    ],
    [{}, 'lines'],
    [{ address: 'x' }, 'address'],
    [{ postal_code: '6100000', delivery_slot_id: 1 }, 'postal_code'],
    [{ delivery_date: 'tomorrow' }, 'delivery_date'],
    [{ delivery_slot_id: 1, unknown: 1 }, 'body'],
  ])('for a bad body: %j', async (terms, path) => {
    const { id, customer } = await floor.ordered();
    const answer = await shop.request('POST', `/orders/${id}/amendments/preview`, {
      token: customer.token,
      body: { ...terms, version: 1 },
    });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.error.details.errors.map((one: any) => one.path)).toContain(path);
  });

  it('without the version', async () => {
    const { id, customer, products } = await floor.ordered();
    const body = { lines: [{ product_id: products[0], quantity: 1 }] };
    const answer = await shop.request('POST', `/orders/${id}/amendments/preview`, { token: customer.token, body });
    expect(answer.body.error.details.errors[0].path).toBe('version');
  });

  it('for another customer, as for an order that is not there', async () => {
    const order = await floor.ordered();
    const stranger = await newCustomer(shop);
    expect(code(await change.preview(stranger, order.id, more(order), { version: 1 }))).toEqual([404, 'NOT_FOUND']);
    expect(code(await change.preview(stranger, 2_000_000, more(order), { version: 1 }))).toEqual([404, 'NOT_FOUND']);
  });

  it('at another version of the order', async () => {
    const order = await floor.ordered();
    const stale = await change.preview(order.customer, order.id, more(order), { version: 7 });
    expect(code(stale)).toEqual([409, 'STALE_ORDER']);
    expect(stale.body.error.details.version).toBe((await change.orderOf(order.customer, order.id)).version);
  });

  it('once picking has started, and once it is canceled', async () => {
    const order = await floor.ordered();
    await floor.move(order.id, 'IN_PROGRESS');
    expect(code(await change.preview(order.customer, order.id, more(order)))).toEqual([409, 'INVALID_STATUS']);
    await floor.move(order.id, 'CANCELED');
    expect(code(await change.preview(order.customer, order.id, more(order)))).toEqual([409, 'INVALID_STATUS']);
  });

  it('after the cut-off of its slot, though the window is far away', async () => {
    const order = await floor.ordered();
    await cutOffIn(order.id, -1);
    expect(code(await change.preview(order.customer, order.id, more(order)))).toEqual([409, 'CUT_OFF_PASSED']);
    const open = await floor.ordered();
    await cutOffIn(open.id, 5);
    const planned = await change.preview(open.customer, open.id, more(open));
    expect(planned.status, planned.text).toBe(200);
    expect(Date.parse(planned.body.data.expires_at)).toBeLessThanOrEqual(Date.now() + 6 * 60_000);
  });

  it('while another one is open; not once that lapsed, was dropped, or cannot be confirmed', async () => {
    const order = await floor.ordered();
    const { customer, id } = order;
    const first = await change.preview(customer, id, more(order));
    const second = await change.preview(customer, id, more(order));
    expect(code(second)).toEqual([409, 'AMENDMENT_OPEN']);
    expect(second.body.error.details.amendment_id).toBe(first.body.data.amendment_id);
    const drop = await shop.request('DELETE', `/orders/${id}/amendments/${first.body.data.amendment_id}`, {
      token: customer.token,
    });
    expect([drop.status, drop.body.data]).toEqual([200, { success: true }]);
    const lacking = await change.preview(customer, id, more(order, 50));
    expect(lacking.body.data.missing_items).toEqual([
      { product_id: order.products[0], requested_quantity: 50, available_quantity: 9 },
    ]);
    expect(code(await change.confirm(customer, id, lacking.body.data.amendment_id))).toEqual([
      409,
      'INSUFFICIENT_STOCK',
    ]);
    const third = await change.preview(customer, id, more(order));
    await shop.sql(`update order_amendments set expires_at = now() where id = $1`, [third.body.data.amendment_id]);
    await shop.sql(`update hold_lines set expires_at = now()`);
    expect(code(await change.confirm(customer, id, third.body.data.amendment_id))).toEqual([409, 'AMENDMENT_CLOSED']);
    const fourth = await change.preview(customer, id, more(order));
    expect(fourth.status, fourth.text).toBe(200);
    expect((await change.confirm(customer, id, fourth.body.data.amendment_id)).status).toBe(200);
    expect(code(await change.confirm(customer, id, fourth.body.data.amendment_id))).toEqual([409, 'AMENDMENT_CLOSED']);
  });

  it('where nothing would change, or nothing but an unknown product', async () => {
    const order = await floor.ordered();
    expect(code(await change.preview(order.customer, order.id, more(order, 2)))).toEqual([422, 'NOTHING_TO_AMEND']);
    expect(code(await change.preview(order.customer, order.id, [[2_000_000, 1]]))).toEqual([404, 'PRODUCT_NOT_FOUND']);
  });

  it('below the minimum order, unless it adds', async () => {
    const order = await floor.ordered();
    await shop.sql(`update settings set minimum_order_total = 30`);
    const less = await change.preview(order.customer, order.id, [[order.products[0], 1]]);
    expect(code(less)).toEqual([422, 'BELOW_MINIMUM_ORDER']);
    expect(
      (
        await change.preview(order.customer, order.id, [
          [order.products[0], 2],
          [order.products[1], 2],
        ])
      ).status,
    ).toBe(200);
    await shop.sql(`update settings set minimum_order_total = 0`);
  });

  it('for a slot or an address of a pickup', async () => {
    const { id, customer } = await buy(shop, floor.goods, [[floor.goods.products[0]!.id, 1]]);
    for (const terms of [{ delivery_slot_id: floor.slotId }, { address: '12 Herzl Street, Tel Aviv' }]) {
      expect(code(await change.preview(customer, id, undefined, terms))).toEqual([422, 'NOT_A_DELIVERY']);
    }
  });

  it('for a slot that cannot be booked', async () => {
    const order = await floor.ordered();
    const elsewhere = floor.goods.slots.find((slot) => slot.branch_id !== floor.goods.warehouseId)!;
    const bad = await change.preview(order.customer, order.id, undefined, { delivery_slot_id: elsewhere.id });
    expect([...code(bad), bad.body.error.details.reason]).toEqual([422, 'INVALID_SLOT', 'NOT_FOUND']);
    const wrongDay = await change.preview(order.customer, order.id, undefined, { delivery_date: '2026-02-01' });
    expect(code(wrongDay)).toEqual([422, 'INVALID_SLOT']);
    const full = await makeSlot(shop, {
      branchId: floor.goods.warehouseId,
      dayOfWeek: 3,
      startTime: '20:00',
      capacity: 0,
    });
    expect(code(await change.preview(order.customer, order.id, undefined, { delivery_slot_id: full }))).toEqual([
      409,
      'SLOT_FULL',
    ]);
  });

  it('for units that staff have paid back already', async () => {
    await shop.sql(`update settings set payment_mode = 'CHARGE'`);
    const order = await floor.ordered();
    const [item] = (await change.orderOf(order.customer, order.id)).items;
    const refund = await shop.request('POST', `/ops/orders/${order.id}/refunds`, {
      token: floor.admin,
      headers: { 'Idempotency-Key': crypto.randomUUID() },
      body: { items: [{ item_id: item.id, quantity: 1 }], reason: 'Goodwill' },
    });
    expect(refund.status, refund.text).toBe(201);
    const gone = await change.preview(order.customer, order.id, [[order.products[1], 1]]);
    expect(code(gone)).toEqual([409, 'NOTHING_LEFT_TO_REFUND']);
    expect((await change.amend(order.customer, order.id, [[order.products[0], 1]])).status).toBe(200);
    await shop.sql(`update settings set payment_mode = 'AUTHORIZE'`);
    await expectInvariants(shop);
  });
});

describe('the cut-off of an order', () => {
  it.each([
    // The night in which clocks go forward at 02:00, and the one in which they go back.
    ['2027-03-26', '18:00', null, '2027-03-25T16:00:00.000Z'],
    ['2027-03-26', null, 720, '2027-03-25T17:00:00.000Z'],
    ['2026-10-25', '18:00', null, '2026-10-24T15:00:00.000Z'],
    ['2026-10-25', null, 720, '2026-10-24T18:00:00.000Z'],
  ])('is that of the local clock on %s (%s, %s)', async (date, dayBefore, minutes, expected) => {
    const { id } = await floor.ordered();
    const [row] = await shop.sql<{ at: string }>(
      `with slot as (
         insert into delivery_slots (branch_id, day_of_week, start_time, end_time, cutoff_minutes, cutoff_day_before, is_active)
         values ($2, 0, '08:00', '10:00', coalesce($5, 0), $4, false) returning *
       )
       select to_char(least((($3::date + time '08:00') at time zone 'Asia/Jerusalem'), slot_closes_at($3::date, slot.start_time, slot.cutoff_minutes, slot.cutoff_day_before,
         o.time_zone)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from orders o, slot where o.id = $1`,
      [id, floor.goods.warehouseId, date, dayBefore, minutes],
    );
    expect(row!.at).toBe(expected);
  });
});

describe('a confirm is refused', () => {
  it('without a key, for another total, and after another change of the order', async () => {
    const order = await floor.ordered();
    const { customer, id } = order;
    const { amendment_id: aid } = (await change.preview(customer, id, more(order))).body.data;
    expect(code(await change.confirm(customer, id, aid, { key: '' }))).toEqual([400, 'MISSING_IDEMPOTENCY_KEY']);
    const changed = await change.confirm(customer, id, aid, { expected_total: '1.00' });
    expect([...code(changed), changed.body.error.details]).toEqual([
      409,
      'PRICE_CHANGED',
      { previous_total: '1.00', total: '42.50' },
    ]);
    expect(code(await change.confirm(customer, id, 2_000_000))).toEqual([404, 'NOT_FOUND']);
    const [item] = (await change.orderOf(customer, id)).items;
    await shop.request('PATCH', `/orders/${id}/items/${item.id}/substitution`, {
      token: customer.token,
      body: { policy: 'NONE' },
    });
    expect(code(await change.confirm(customer, id, aid))).toEqual([409, 'STALE_ORDER']);
    expect((await change.amend(customer, id, more(order))).status).toBe(200);
  });

  it('once picking has started, and what it held is free', async () => {
    const order = await floor.ordered();
    const { amendment_id: aid } = (await change.preview(order.customer, order.id, more(order))).body.data;
    await floor.move(order.id, 'IN_PROGRESS');
    expect(code(await change.confirm(order.customer, order.id, aid))).toEqual([409, 'INVALID_STATUS']);
    expect(
      await shop.sql('select 1 from hold_lines h join orders o on o.cart_id = h.cart_id where o.id = $1', [order.id]),
    ).toEqual([]);
  });

  it('after the cut-off', async () => {
    const order = await floor.ordered();
    await cutOffIn(order.id, 5);
    const { amendment_id: aid } = (await change.preview(order.customer, order.id, more(order))).body.data;
    await shop.sql(
      `update delivery_slots set cutoff_minutes = cutoff_minutes + 10 where id = (select delivery_slot_id from orders where id = $1)`,
      [order.id],
    );
    expect(code(await change.confirm(order.customer, order.id, aid))).toEqual([409, 'CUT_OFF_PASSED']);
  });
});

describe('what a preview holds', () => {
  it('is sold to nobody else, and lapses', async () => {
    const order = await floor.ordered();
    const productId = await makeProduct(shop, { price: '3.00' });
    await makeStock(shop, { productId, branchId: floor.goods.warehouseId, onHand: 2 });
    const planned = await change.preview(order.customer, order.id, [...more(order, 2), [productId, 2]]);
    expect(planned.body.data.missing_items).toEqual([]);
    const stranger = await newCustomer(shop);
    const add = () =>
      shop.request('POST', '/cart/items', { token: stranger.token, body: { product_id: productId, quantity: 1 } });
    expect((await add()).status).toBe(409);
    await shop.sql(`update hold_lines set expires_at = now()`);
    await shop.sql(`update order_amendments set expires_at = now() where status = 'OPEN'`);
    await floor.runJobs();
    expect((await add()).status).toBe(201);
    expect(await shop.sql(`select 1 from order_amendments where status = 'OPEN'`)).toEqual([]);
  });
});
