import { beforeAll, describe, expect, it } from 'vitest';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { onHand } from '../support/orders.ts';
import { askRefund, fileClaim, setSettings } from '../support/paying-back.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
let employee: string;
/** 20.00 a kilogram, 500 g a piece: 10.00. */
let cheese: number;
/** 7.50 each, 0.30 deposit. */
let juice: number;

beforeAll(async () => {
  shop = await openShop();
  floor = await authorizingShop(shop);
  employee = (await signInAs(shop, 'EMPLOYEE')).token;
  cheese = await makeProduct(shop, { name: 'Cheese', pricePerKg: '20.00', nominalGrams: 500 });
  juice = await makeProduct(shop, { name: 'Juice', price: '7.50', deposit: '0.30' });
  for (const productId of [cheese, juice])
    await makeStock(shop, { productId, branchId: floor.goods.warehouseId, onHand: 5000 });
});

interface Ordered {
  id: number;
  customer: Customer;
  items: { id: number; product_id: number }[];
}

const settings = (change: object) => shop.request('PUT', '/admin/settings', { token: floor.admin, body: change });

async function ordered(lines: [number, number][], payment_mode = 'CHARGE'): Promise<Ordered> {
  await settings({ payment_mode });
  const customer = await newCustomer(shop);
  const cartId = await fillCart(shop, customer, lines);
  const { body, text, status } = await confirm(shop, customer, delivery(cartId, floor.slotId));
  if (status !== 201) throw new Error(text);
  const id = body.data.order_id;
  return { id, customer, items: (await floor.orderOf(customer, id)).items };
}

const pick = (order: Ordered, line: number, body: object, token = employee) =>
  shop.request('PATCH', `/ops/orders/${order.id}/items/${order.items[line]!.id}/picked-status`, { token, body });
const picked = <T extends object>(amounts: T) => ({ picked_status: 'PICKED', ...amounts });
const receipt = async (order: Ordered) =>
  (await shop.request('GET', `/orders/${order.id}/receipt`, { token: order.customer.token })).body.data;

describe('fewer units than ordered', () => {
  it('keep the line PICKED; the rest is written off and paid back at READY', async () => {
    const order = await ordered([[juice, 5]]);
    const before = await onHand(shop, floor.goods.warehouseId, juice);
    const answer = await pick(order, 0, picked({ picked_quantity: 3 }));
    expect([answer.status, answer.trips]).toEqual([200, 1]);
    expect(answer.body.data.items[0]).toMatchObject({
      picked_status: 'PICKED',
      quantity: 5,
      picked_quantity: 3,
      final_amount: '22.50',
    });
    const ready = await floor.move(order.id, 'READY');
    expect(ready.body.data).toMatchObject({ status: 'READY', total_amount: '44.00', refunded_amount: '15.60' });
    expect(await onHand(shop, floor.goods.warehouseId, juice)).toBe(before);
    const { total, credit_notes: notes } = await receipt(order);
    expect([total, notes[0].amount, notes[0].lines]).toEqual([
      '44.00',
      '15.60',
      [expect.objectContaining({ quantity: 2, amount: '15.00', deposit: '0.60' })],
    ]);
  });

  it('are captured smaller where the order was authorised, and the receipt lists them', async () => {
    const order = await ordered([[juice, 5]], 'AUTHORIZE');
    await pick(order, 0, picked({ picked_quantity: 3 }));
    expect((await floor.move(order.id, 'READY')).body.data).toMatchObject({
      captured_amount: '28.40',
      refunded_amount: '15.60',
    });
    expect(await receipt(order)).toMatchObject({
      total: '28.40',
      lines: [{ quantity: 3, grams: null, amount: '22.50' }],
    });
  });

  it('go back to the shelf alone when the order is canceled', async () => {
    const order = await ordered([[juice, 5]]);
    const before = await onHand(shop, floor.goods.warehouseId, juice);
    await pick(order, 0, picked({ picked_quantity: 3 }));
    expect((await floor.move(order.id, 'CANCELED')).body.data).toMatchObject({ refunded_amount: '44.00' });
    expect(await onHand(shop, floor.goods.warehouseId, juice)).toBe(before + 3);
  });

  it('are refused clearly: none, more than ordered, and what is no number of units', async () => {
    const order = await ordered([[juice, 2]]);
    const answers = [];
    for (const picked_quantity of [0, 3, 1_000_000_000, -1, 1.5, '2'])
      answers.push(await pick(order, 0, picked({ picked_quantity })));
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
      [422, 'USE_MISSING'],
      [422, 'QUANTITY_TOO_LARGE'],
      [422, 'QUANTITY_TOO_LARGE'],
      [400, 'VALIDATION_ERROR'],
      [400, 'VALIDATION_ERROR'],
      [400, 'VALIDATION_ERROR'],
    ]);
    expect((await pick(order, 0, { picked_status: 'MISSING', picked_quantity: 1 })).status).toBe(400);
  });

  it('can be refunded by staff and claimed only as far as they were delivered', async () => {
    const order = await ordered([[juice, 5]]);
    await pick(order, 0, picked({ picked_quantity: 3 }));
    for (const status of ['READY', 'OUT_FOR_DELIVERY', 'DELIVERED']) await floor.move(order.id, status);
    const refund = (quantity: number) =>
      shop.request('POST', `/ops/orders/${order.id}/refunds`, {
        token: floor.admin,
        headers: { 'Idempotency-Key': crypto.randomUUID() },
        body: { items: [{ item_id: order.items[0]!.id, quantity }], reason: 'Leaked' },
      });
    expect((await refund(4)).body.error).toMatchObject({ code: 'NOTHING_LEFT_TO_REFUND', details: { quantity: 3 } });
    expect((await refund(3)).body.data).toMatchObject({ amount: '23.40' });
  });
});

describe('goods sold by weight', () => {
  it('cost their weight, rounded once a line, and never more than was shown', async () => {
    for (const payment_mode of ['CHARGE', 'AUTHORIZE']) {
      const light = await ordered([[cheese, 2]], payment_mode);
      const answer = await pick(light, 0, picked({ picked_grams: 913 }));
      expect(answer.body.data.items[0]).toMatchObject({ picked_grams: 913, picked_quantity: 2, final_amount: '18.26' });
      expect((await floor.move(light.id, 'READY')).body.data).toMatchObject({
        total_amount: '25.00',
        refunded_amount: '1.74',
      });
      const heavy = await ordered([[cheese, 2]], payment_mode);
      await pick(heavy, 0, picked({ picked_grams: 1087 }));
      expect((await floor.move(heavy.id, 'READY')).body.data).toMatchObject({
        total_amount: '25.00',
        refunded_amount: '0.00',
      });
    }
  });

  it('are charged more, up to tolerance and margin, where the shop says so', async () => {
    await settings({ weight_overage: 'CHARGE', authorization_margin_percent: '8.00' });
    const order = await ordered(
      [
        [cheese, 2],
        [juice, 1],
      ],
      'AUTHORIZE',
    );
    expect(await floor.orderOf(order.customer, order.id)).toMatchObject({
      total_amount: '32.80',
      authorized_amount: '34.40',
    });
    await pick(order, 0, picked({ picked_grams: 1050 }));
    await pick(order, 1, picked({}));
    expect((await floor.move(order.id, 'READY')).body.data).toMatchObject({
      total_amount: '33.80',
      captured_amount: '33.80',
      refunded_amount: '0.00',
    });
    expect(await receipt(order)).toMatchObject({ total: '33.80', lines: [{ grams: 1050, amount: '21.00' }, {}] });
    const capped = await ordered([[cheese, 2]], 'AUTHORIZE');
    await pick(capped, 0, picked({ picked_grams: 1100 }));
    expect((await floor.move(capped.id, 'READY')).body.data).toMatchObject({ captured_amount: '26.60' });
    const charged = await ordered([[cheese, 2]], 'CHARGE');
    await pick(charged, 0, picked({ picked_grams: 1100 }));
    expect((await floor.move(charged.id, 'READY')).body.data).toMatchObject({ captured_amount: '25.00' });
    await settings({ weight_overage: 'ABSORB', authorization_margin_percent: '0.00' });
  });

  it('must be weighed before the order is READY', async () => {
    const order = await ordered([[cheese, 1]]);
    await pick(order, 0, picked({}));
    const refused = await floor.move(order.id, 'READY');
    expect(refused.body.error).toMatchObject({ code: 'WEIGHT_REQUIRED', details: { item_ids: [order.items[0]!.id] } });
    await pick(order, 0, picked({ picked_grams: 500 }));
    expect((await floor.move(order.id, 'READY')).status).toBe(200);
  });

  it('may be out of tolerance only with a manager and a reason', async () => {
    const order = await ordered([[cheese, 2]]);
    const body = picked({ picked_grams: 700, override_reason: 'Last piece, the customer agreed' });
    expect((await pick(order, 0, picked({ picked_grams: 899 }))).body.error).toMatchObject({
      code: 'WEIGHT_OUT_OF_RANGE',
      details: { minimum_grams: 900, maximum_grams: 1100 },
    });
    expect((await pick(order, 0, body)).status).toBe(422);
    expect((await pick(order, 0, picked({ picked_grams: 700 }), floor.admin)).status).toBe(422);
    const answer = await pick(order, 0, body, floor.admin);
    expect(answer.body.data.items[0]).toMatchObject({ override_reason: body.override_reason, final_amount: '14.00' });
    expect((await pick(order, 0, picked({ picked_quantity: 1, picked_grams: 550 }))).status).toBe(200);
  });

  it('refuse grams that are none, and grams of what is sold by the piece', async () => {
    const order = await ordered([
      [cheese, 1],
      [juice, 1],
    ]);
    for (const picked_grams of [0, -5, 1_000_000_000, 0.5, '500'])
      expect((await pick(order, 0, picked({ picked_grams }))).status, String(picked_grams)).toBe(400);
    expect((await pick(order, 1, picked({ picked_grams: 500 }))).body.error.code).toBe('NOT_SOLD_BY_WEIGHT');
  });

  it('are replaced by weight too, and never dearer than the original', async () => {
    const brie = await makeProduct(shop, { pricePerKg: '80.00', nominalGrams: 200 });
    await makeStock(shop, { productId: brie, branchId: floor.goods.warehouseId, onHand: 10 });
    const order = await ordered([[juice, 2]]);
    const swap = { picked_status: 'REPLACED', replacement_product_id: brie };
    await pick(order, 0, swap);
    expect((await floor.move(order.id, 'READY')).body.error.code).toBe('WEIGHT_REQUIRED');
    const answer = await pick(order, 0, { ...swap, picked_quantity: 1, picked_grams: 210 });
    expect(answer.body.data.items[0]).toMatchObject({ picked_quantity: 1, final_amount: '7.50' });
    expect(await onHand(shop, floor.goods.warehouseId, brie)).toBe(9);
    expect((await floor.move(order.id, 'READY')).body.data).toMatchObject({ refunded_amount: '8.10' });
  });

  it('count in analytics as picked', async () => {
    const ham = await makeProduct(shop, { name: 'Ham', pricePerKg: '30.00', nominalGrams: 1000 });
    await makeStock(shop, { productId: ham, branchId: floor.goods.warehouseId, onHand: 10 });
    const order = await ordered([[ham, 3]]);
    await pick(order, 0, picked({ picked_quantity: 2, picked_grams: 1950 }));
    for (const status of ['READY', 'OUT_FOR_DELIVERY', 'DELIVERED']) await floor.move(order.id, status);
    const { body } = await shop.request('GET', '/admin/analytics/top-products', {
      token: floor.admin,
      query: { range: '30d', limit: 100 },
    });
    expect(body.data.find((product: any) => product.product_id === ham)).toMatchObject({ units: 2, revenue: '58.50' });
  });
});

describe('a product sold by weight', () => {
  const product = {
    name: 'Turkey',
    sku: 'TURKEY-1',
    price: '24.00',
    sold_by: 'WEIGHT',
    price_per_kg: '48.00',
    nominal_grams: 500,
  };
  const make = (change: object) =>
    shop.request('POST', '/admin/products', {
      token: floor.admin,
      body: { ...product, category_id: floor.goods.categories.Produce, ...change },
    });

  it('has a price per kilogram that its price follows, whichever is changed', async () => {
    const made = await make({});
    expect(made.body.data).toMatchObject({
      sold_by: 'WEIGHT',
      weight_tolerance_percent: '10.00',
      unit_price: { amount: '48.00', per: 'kg' },
    });
    const change = (body: object) =>
      shop.request('PATCH', `/admin/products/${made.body.data.id}`, { token: floor.admin, body });
    expect((await change({ price: '25.00' })).body.data).toMatchObject({ price: '25.00', price_per_kg: '50.00' });
    expect((await change({ price_per_kg: '40' })).body.data).toMatchObject({ price: '20.00', price_per_kg: '40.00' });
    expect((await change({ nominal_grams: 250 })).body.data).toMatchObject({ price: '10.00' });
    expect((await change({ price: '9.00', price_per_kg: '80.00' })).body.error.code).toBe('INVALID_WEIGHT');
    // A piece of more than ten thousand.
    expect((await change({ nominal_grams: 100_000, price_per_kg: '9000.00' })).body.error.code).toBe('INVALID_WEIGHT');
  });

  it('needs its price per kilogram, its weight, and the price of that piece', async () => {
    for (const change of [{ price_per_kg: null }, { nominal_grams: null }, { price: '23.00' }])
      expect((await make({ sku: 'TURKEY-2', ...change })).body.error.code).toBe('INVALID_WEIGHT');
    for (const change of [
      { nominal_grams: 0 },
      { price_per_kg: '0' },
      { weight_tolerance_percent: 101 },
      { sold_by: 'KILO' },
    ])
      expect((await make({ sku: 'TURKEY-2', ...change })).status).toBe(400);
  });

  it('or by the piece tells its price per unit of measure', async () => {
    const cases: [number, string, string, object | null][] = [
      [500, 'g', '15.90', { amount: '3.18', per: '100g' }],
      [1.5, 'kg', '12.00', { amount: '8.00', per: 'kg' }],
      [330, 'ml', '5.00', { amount: '1.52', per: '100ml' }],
      [2, 'l', '9.90', { amount: '4.95', per: 'l' }],
      [12, 'unit', '14.90', { amount: '1.24', per: 'unit' }],
    ];
    for (const [index, [amount, unit, price, expected]] of cases.entries()) {
      const { body } = await make({
        sku: `CONTENT-${index}`,
        price,
        sold_by: 'EACH',
        price_per_kg: null,
        nominal_grams: null,
        net_content: { amount, unit },
      });
      expect(body.data).toMatchObject({ net_content: { amount, unit }, unit_price: expected });
    }
    for (const net_content of [{ amount: 0, unit: 'g' }, { amount: 1 }, { amount: 1, unit: 'oz' }, 'much'])
      expect((await make({ sku: 'CONTENT-9', net_content })).status).toBe(400);
  });
});

describe('units that staff pay back, and picking pays back less', () => {
  let plum: number;
  beforeAll(async () => {
    plum = await makeProduct(shop, { name: 'Plum juice', price: '6.00' });
    await makeStock(shop, { productId: plum, branchId: floor.goods.warehouseId, onHand: 5000 });
  });

  /** Two cheeses, 20.00: one is paid back by staff, before or after the order is READY. What of the goods went back, in all. */
  async function paidBack(outcome: object, staff: 'before' | 'picked' | 'after', quantity = 2): Promise<string> {
    const order = await ordered([[cheese, quantity]]);
    const item_id = order.items[0]!.id;
    const refund = async () => {
      const answer = await askRefund(shop, floor.admin, order.id, { items: [{ item_id, quantity: 1 }] });
      expect(answer.status, answer.text).toBe(201);
    };
    if (staff === 'before') await refund();
    expect((await pick(order, 0, outcome)).status).toBe(200);
    if (staff === 'picked') await refund();
    expect((await floor.move(order.id, 'READY')).status).toBe(200);
    if (staff === 'after') await refund();
    await expectInvariants(shop);
    return (await floor.orderOf(order.customer, order.id)).refunded_amount;
  }

  it.each(['before', 'picked', 'after'] as const)('come to the same in any order (%s)', async (staff) => {
    const replaced = { picked_status: 'REPLACED', replacement_product_id: plum };
    expect(await paidBack(replaced, staff)).toBe('14.00');
    expect(await paidBack(picked({ picked_grams: 900 }), staff)).toBe('11.00');
  });

  it('are the missing ones when they were paid back before picking, and those in the bag afterwards', async () => {
    const short = picked({ picked_quantity: 1, picked_grams: 500 });
    expect(await paidBack(short, 'before')).toBe('10.00');
    expect(await paidBack(short, 'picked')).toBe('20.00');
    expect(await paidBack(short, 'after')).toBe('20.00');
    expect(await paidBack(short, 'before', 3)).toBe('20.00');
    expect(
      await paidBack({ picked_status: 'REPLACED', picked_quantity: 1, replacement_product_id: plum }, 'before'),
    ).toBe('14.00');
  });

  it('leave the unit in the bag to be paid back, once', async () => {
    const order = await ordered([[juice, 2]]);
    const refund = () => {
      const items = [{ item_id: order.items[0]!.id, quantity: 1 }];
      return askRefund(shop, floor.admin, order.id, { items });
    };
    expect((await refund()).body.data.amount).toBe('7.80');
    await pick(order, 0, picked({ picked_quantity: 1 }));
    expect((await floor.move(order.id, 'READY')).body.data.refunded_amount).toBe('7.80');
    expect((await refund()).body.data.amount).toBe('7.80');
    expect((await refund()).body.error.code).toBe('NOTHING_LEFT_TO_REFUND');
    await expectInvariants(shop);
  });

  it('leave the unit in the bag to be claimed', async () => {
    await setSettings(shop, { claim_hours: 48 });
    const order = await ordered([[juice, 2]]);
    const item_id = order.items[0]!.id;
    await askRefund(shop, floor.admin, order.id, { items: [{ item_id, quantity: 1 }] });
    await pick(order, 0, picked({ picked_quantity: 1 }));
    for (const status of ['READY', 'OUT_FOR_DELIVERY', 'DELIVERED']) await floor.move(order.id, status);
    const claim = await fileClaim(shop, order.customer.token, order.id, [{ item_id }]);
    expect([claim.status, claim.body.data.amount]).toEqual([201, '7.80']);
  });
});
