import { beforeAll, describe, expect, it } from 'vitest';
import { amending, type Wanted } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { type Customer, newCustomer } from '../support/customer.ts';
import { makeSlot } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { type Bought, buy, receiptOf, stockedProduct } from '../support/receipts.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
let change: ReturnType<typeof amending>;
beforeAll(async () => {
  shop = await openShop();
  floor = await authorizingShop(shop);
  change = amending(shop);
});

const setMode = (mode: string) => shop.sql('update settings set payment_mode = $1', [mode]);
const product = (options: Parameters<typeof stockedProduct>[2]) => stockedProduct(shop, floor.goods, options);
const delivered = (lines: Wanted, customer?: Customer, terms = {}) =>
  buy(shop, floor.goods, lines, { slotId: floor.slotId, ...(customer && { customer }), ...terms });
const costOf = (order: Record<string, any>) => Number(order.total_amount) - Number(order.refunded_amount);
async function amend({ customer, id }: Bought, wanted: Wanted | undefined, terms = {}) {
  const done = await change.amend(customer, id, wanted, terms);
  expect(done.status, done.text).toBe(200);
  return done.body.data;
}
/** Picks all of it, weighed lines as nominal, makes it READY and answers what its receipt leaves to pay. */
async function finish({ customer, id }: Bought): Promise<number> {
  const { items } = await change.orderOf(customer, id);
  for (const item of items) {
    const grams = item.nominal_grams && { picked_grams: item.nominal_grams * item.quantity };
    const body = { picked_status: 'PICKED', ...grams };
    const path = `/ops/orders/${id}/items/${item.id}/picked-status`;
    expect((await shop.request('PATCH', path, { token: floor.admin, body })).status).toBe(200);
  }
  expect((await floor.move(id, 'READY')).status).toBe(200);
  await floor.runJobs();
  const { body, text } = await receiptOf(shop, customer.token, id);
  expect(body.data, text).toBeDefined();
  const noted = body.data.credit_notes.reduce((sum: number, note: any) => sum + Number(note.amount), 0);
  return Number((Number(body.data.total) - noted).toFixed(2));
}

describe.each(['CHARGE', 'AUTHORIZE'])('in %s', (mode) => {
  beforeAll(() => setMode(mode));

  it('kept units keep their price, added ones cost what they cost today', async () => {
    const productId = await product({ price: '10.00' });
    const order = await delivered([[productId, 2]]);
    await shop.request('PATCH', `/admin/products/${productId}`, { token: floor.admin, body: { price: '12.00' } });
    const amended = await amend(order, [[productId, 3]]);
    expect(amended.items.map((item: any) => [item.unit_price, item.quantity])).toEqual([
      ['10.00', 2],
      ['12.00', 1],
    ]);
    const back = await amend(order, [[productId, 1]]);
    expect(back.items.map((item: any) => [item.unit_price, item.quantity])).toEqual([['10.00', 1]]);
    expect(costOf(back)).toBe(15);
    expect(await finish(order)).toBe(15);
    await expectInvariants(shop);
  });

  it('deposits, VAT classes and weighed goods go and come with their units', async () => {
    const bottle = await product({ price: '6.00', deposit: '0.30' });
    const apples = await product({ pricePerKg: '20.00', nominalGrams: 500 });
    const fruit = await product({ price: '8.00', taxClass: 'ZERO' } as never);
    const order = await delivered([
      [bottle, 4],
      [apples, 2],
    ]);
    const amended = await amend(order, [
      [bottle, 2],
      [apples, 3],
      [fruit, 1],
    ]);
    expect(amended.deposit_total).toBe('0.60');
    expect(costOf(amended)).toBe(55.6);
    expect(await finish(order)).toBe(55.6);
    await expectInvariants(shop);
  });

  it('kept units keep their discount, added ones get what runs today', async () => {
    const productId = await product({ price: '10.00' });
    const [sale] = await shop.sql<{ id: number }>(
      `insert into promotions (name, kind, value, product_ids, limit_total) values ($1, 'PERCENT', 20, $2, 5) returning id`,
      [`Sale ${mode}`, [productId]],
    );
    const order = await delivered([[productId, 3]]);
    const fewer = await amend(order, [[productId, 2]]);
    expect(fewer.discounts).toMatchObject([{ amount: '4.00' }]);
    await shop.sql('update promotions set value = 50 where id = $1', [sale!.id]);
    const more = await amend(order, [[productId, 4]]);
    expect(more.discounts).toMatchObject([{ amount: '14.00' }]);
    expect(costOf(more)).toBe(31);
    await shop.sql('update promotions set is_active = false where id = $1', [sale!.id]);
    const last = await amend(order, [[productId, 5]]);
    expect(costOf(last)).toBe(41);
    const other = await product({ price: '1.00' });
    expect((await amend(order, [[other, 1]])).discounts).toEqual([]);
    expect((await shop.sql<{ used: number }>('select used from promotions where id = $1', [sale!.id]))[0]!.used).toBe(
      0,
    );
    await expectInvariants(shop);
  });

  it('the delivery fee stays, unless the goods become enough for a free delivery or too few for it', async () => {
    const productId = await product({ price: '50.00' });
    const order = await delivered([[productId, 2]]);
    await shop.sql(`update settings set delivery_fee = 9`);
    expect((await amend(order, [[productId, 1]])).delivery_fee).toBe('5.00');
    expect((await amend(order, [[productId, 3]])).delivery_fee).toBe('0.00');
    expect((await amend(order, [[productId, 2]])).delivery_fee).toBe('9.00');
    await shop.sql(`update settings set delivery_fee = 5`);
    expect(await finish(order)).toBe(109);
    await expectInvariants(shop);
  });

  it('a free delivery stays free when its slot has got a flat fee and a unit goes', async () => {
    const productId = await product({ price: '60.00' });
    const order = await delivered([[productId, 3]]);
    expect((await change.orderOf(order.customer, order.id)).delivery_fee).toBe('0.00');
    await shop.sql('update delivery_slots set fee = 12 where id = $1', [floor.slotId]);
    expect((await amend(order, [[productId, 1]])).delivery_fee).toBe('0.00');
    await shop.sql('update delivery_slots set fee = null where id = $1', [floor.slotId]);
    expect(await finish(order)).toBe(60);
    await expectInvariants(shop);
  });

  it('another slot has its own fee, and takes its place', async () => {
    const order = await delivered([[await product({ price: '10.00' }), 1]]);
    const slot = await makeSlot(shop, {
      branchId: floor.goods.warehouseId,
      dayOfWeek: mode === 'CHARGE' ? 2 : 4,
      startTime: '20:00',
      capacity: 1,
    });
    await shop.sql('update delivery_slots set fee = 12 where id = $1', [slot]);
    const terms = { delivery_slot_id: slot, address: '7 Dizengoff Street, Tel Aviv' };
    const amended = await amend(order, undefined, terms);
    expect(amended.delivery).toMatchObject({ slot_id: slot, address: '7 Dizengoff Street, Tel Aviv' });
    expect(costOf(amended)).toBe(22);
    const next = await delivered([[await product({ price: '10.00' }), 1]]);
    const full = await change.preview(next.customer, next.id, undefined, terms);
    expect([full.status, full.body.error.code]).toEqual([409, 'SLOT_FULL']);
    const staff = await shop.request('GET', `/ops/orders/${order.id}`, { token: floor.admin });
    expect(staff.body.data.amendments[0].before.delivery.slot_id).toBe(floor.slotId);
    expect(staff.body.data.amendments[0].after.delivery.slot_id).toBe(slot);
    expect(await finish(order)).toBe(22);
    await expectInvariants(shop);
  });

  it('store credit that paid comes back as credit, and pays no addition', async () => {
    const customer = await newCustomer(shop);
    const productId = await product({ price: '10.00' });
    const credit = () => shop.request('GET', '/me/credit', { token: customer.token });
    await shop.request('POST', `/admin/users/${customer.id}/credit`, {
      token: floor.admin,
      body: { amount: '20.00', reason: 'Sorry' },
    });
    const order = await delivered([[productId, 3]], customer, { use_credit: true });
    await amend(order, [[productId, 1]]);
    expect((await credit()).body.data.balance).toBe('5.00');
    await amend(order, [[productId, 2]]);
    expect((await credit()).body.data.balance).toBe('5.00');
    expect(await finish(order)).toBe(25);
    await expectInvariants(shop);
  });

  it('an order that credit paid alone takes the default card for more', async () => {
    const customer = await newCustomer(shop);
    const productId = await product({ price: '10.00' });
    await shop.request('POST', `/admin/users/${customer.id}/credit`, {
      token: floor.admin,
      body: { amount: '15.00', reason: 'Sorry' },
    });
    const order = await delivered([[productId, 1]], customer, { use_credit: true });
    const amended = await amend(order, [[productId, 2]]);
    expect(costOf(amended)).toBe(25);
    expect(await finish(order)).toBe(25);
    await expectInvariants(shop);
  });
});

it('a receipt shows what it was issued for, and its credit notes what changed', async () => {
  await setMode('CHARGE');
  const [milk, bread] = [await product({ price: '5.90' }), await product({ price: '11.80' })];
  const order = await delivered([[milk, 2]]);
  const before = (await receiptOf(shop, order.customer.token, order.id)).body.data;
  await amend(order, [[bread, 1]], { address: '7 Dizengoff Street, Tel Aviv' }).catch(() => {});
  await amend(order, [
    [milk, 1],
    [bread, 2],
  ]);
  const after = (await receiptOf(shop, order.customer.token, order.id)).body.data;
  expect({ ...after, credit_notes: [] }).toEqual({ ...before, credit_notes: [] });
  expect(after.credit_notes.map((note: any) => [note.amount, note.reason])).toEqual([['-17.70', 'AMENDMENT']]);
  const page = await receiptOf(shop, order.customer.token, order.id, { accept: 'text/html' });
  expect(page.text).toContain('שינוי ההזמנה');
  await expectInvariants(shop);
});

it('reserves no more than the weighed goods may cost more', async () => {
  await setMode('AUTHORIZE');
  await shop.sql(`update settings set weight_overage = 'CHARGE', authorization_margin_percent = 10`);
  const apples = await product({ pricePerKg: '20.00', nominalGrams: 500 });
  const order = await delivered([[apples, 1]]);
  const amended = await amend(order, [[apples, 3]]);
  expect(amended.authorized_amount).toBe('38.00');
  const [item] = amended.items;
  const body = { picked_status: 'PICKED', picked_grams: 1650 };
  await shop.request('PATCH', `/ops/orders/${order.id}/items/${item.id}/picked-status`, { token: floor.admin, body });
  expect((await floor.move(order.id, 'READY')).status).toBe(200);
  await floor.runJobs();
  expect(await change.orderOf(order.customer, order.id)).toMatchObject({
    total_amount: '38.00',
    captured_amount: '38.00',
  });
  await shop.sql(`update settings set weight_overage = 'ABSORB', authorization_margin_percent = 0`);
  await expectInvariants(shop);
});

it('tells the customer by notification and mail, and the world by an event', async () => {
  const productId = await product({ price: '10.00' });
  const order = await delivered([[productId, 1]]);
  await amend(order, [[productId, 2]]);
  const { items } = (await shop.request('GET', '/store/notifications', { token: order.customer.token })).body.data;
  expect(items[0]).toMatchObject({ type: 'AMENDMENT', order_id: order.id, title: 'Order changed' });
  const mails = `select count(*)::int as written from outbox where kind = 'ORDER_AMENDED'`;
  const [before] = await shop.sql<{ written: number }>(mails);
  await amend(order, [[productId, 3]]);
  expect((await shop.sql<{ written: number }>(mails))[0]!.written).toBe(before!.written + 1);
  const events = await shop.request('GET', `/orders/${order.id}/events`, { token: order.customer.token });
  expect(events.body.data.map((event: any) => event.type)).toContain('order.amended');
});

it('asks for the age where something with an age limit is added', async () => {
  const [milk, wine] = [await product({ price: '5.00' }), await product({ price: '30.00' })];
  await shop.sql('update products set age_restricted = 18 where id = $1', [wine]);
  const order = await delivered([[milk, 1]]);
  const wanted: Wanted = [
    [milk, 1],
    [wine, 1],
  ];
  const { amendment_id: aid } = (await change.preview(order.customer, order.id, wanted)).body.data;
  const refused = await change.confirm(order.customer, order.id, aid);
  expect([refused.status, refused.body.error.code]).toEqual([422, 'AGE_CONFIRMATION_REQUIRED']);
  const done = await change.confirm(order.customer, order.id, aid, { age_confirmed: true });
  expect([done.status, done.body.data.age_restricted]).toEqual([200, 18]);
});
