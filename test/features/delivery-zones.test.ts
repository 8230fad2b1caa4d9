import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeBranch, makeProduct, makeSlot, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let manager: string;
let productId: number;
let slotId: number;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  manager = (await signInAs(shop, 'MANAGER')).token;
  productId = await makeProduct(shop, { price: '10.00' });
  for (const branchId of [goods.warehouseId, goods.storeId])
    await makeStock(shop, { productId, branchId, onHand: 500 });
  slotId = goods.slots.find(
    (slot) => slot.branch_id === goods.warehouseId && slot.day_of_week === (new Date().getDay() + 3) % 7,
  )!.id;
});
beforeEach(async () => {
  await shop.sql('delete from delivery_zones');
  await shop.sql('update settings set require_zone = false');
});

const post = (body: object, token = manager) => shop.request('POST', '/admin/delivery-zones', { token, body });
const zone = async (postal_codes: string[], more: object = {}): Promise<number> => {
  const { status, body, text } = await post({ name: 'Zone', postal_codes, ...more });
  if (status !== 201) throw new Error(text);
  return body.data.id;
};
const check = async (postal_code: string) =>
  (await shop.request('GET', '/store/delivery-check', { query: { postal_code } })).body.data;
const requireZone = () => shop.sql('update settings set require_zone = true');

/** The saved address has the postal code 6332101. */
const ready = async (quantity = 2) => {
  const customer = await newCustomer(shop);
  const terms = delivery(await fillCart(shop, customer, [[productId, quantity]]), slotId);
  const preview = (more: object = {}) =>
    shop.request('POST', '/checkout/preview', { token: customer.token, body: { ...terms, ...more } });
  return { customer, preview, pay: (more: object = {}) => confirm(shop, customer, { ...terms, ...more }) };
};

describe('a delivery zone', () => {
  it('is made, listed, changed and deleted, each with its audit', async () => {
    const made = await post({ name: 'Tel Aviv', postal_codes: ['6*', '31000-31999'], fee: 20, minimum: '80.00' });
    expect(made).toMatchObject({ status: 201, trips: 1 });
    const { id, ...fields } = made.body.data;
    expect(fields).toMatchObject({
      name: 'Tel Aviv',
      postal_codes: ['6*', '31000-31999'],
      fee: '20.00',
      minimum: '80.00',
      branch_id: null,
    });
    const send = (method: string, body?: object) =>
      shop.request(method, `/admin/delivery-zones/${id}`, { token: manager, body });
    expect((await send('PATCH', { fee: null, name: 'Center' })).body.data).toMatchObject({
      fee: null,
      minimum: '80.00',
      name: 'Center',
    });
    const list = await shop.request('GET', '/admin/delivery-zones', { token: manager });
    expect([list.body.meta.total, list.body.data[0].id]).toEqual([1, id]);
    expect((await send('DELETE')).body.data).toEqual({ success: true });
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', { name: 'Gone' }],
    ] as const) {
      expect((await send(method, body)).status).toBe(404);
    }
    const audit = await shop.sql(
      `select action from audit_log where entity_type = 'delivery_zone' and entity_id = $1 order by id`,
      [id],
    );
    expect(audit.map(({ action }) => action)).toEqual(['CREATE', 'UPDATE', 'DELETE']);
  });

  it.each([
    ['6*', '6332101', true],
    ['6*', '600', null],
    ['6*', '7332101', false],
    ['61000-61999', '61500', true],
    ['61000-61999', '61999', true],
    ['61000-61999', '62000', false],
    ['61000-61999', '6150000', false],
    ['0612', '0612', true],
    ['0612', '00612', false],
    ['0*', '0612345', true],
    ['9999999999999999', '9999999999999999', true],
  ])('of %s has %s: %s', async (pattern, code, covered) => {
    const id = await zone([pattern]);
    const answer = await shop.request('GET', '/store/delivery-check', { query: { postal_code: code } });
    if (covered === null) expect(answer.status).toBe(400);
    else expect(answer.body.data).toMatchObject({ covered, zone_id: covered ? id : null });
  });

  it.each([
    'abc',
    '*',
    '',
    '61',
    '6*5',
    '61999-61000',
    '610-61999',
    '61000-',
    '6-7',
    '61000-61999-62000',
    '6**',
    '٦١٠٠٠',
    '12345678901234567',
  ])('of %j means nothing', async (pattern) => {
    const { status, body } = await post({ name: 'Nowhere', postal_codes: ['5*', pattern] });
    expect([status, body.error.details.errors[0].path]).toEqual([400, 'postal_codes.1']);
  });

  it.each([{ postal_codes: [] }, { fee: -1 }, { minimum: 'much' }, { name: ' ' }, { branch_id: 0 }])(
    'refuses %o',
    async (wrong) => {
      expect((await post({ name: 'Zone', postal_codes: ['6*'], ...wrong })).status).toBe(400);
    },
  );

  it('names the zone that it overlaps, and one of the codes', async () => {
    const id = await zone(['61000-61999']);
    for (const [pattern, code] of [
      ['6*', '61000'],
      ['61500', '61500'],
      ['61999-62500', '61999'],
    ] as const) {
      const { status, body } = await post({ name: 'Other', postal_codes: [pattern] });
      expect([status, body.error.code, body.error.details]).toEqual([
        409,
        'ZONES_OVERLAP',
        { zone_id: id, name: 'Zone', postal_code: code },
      ]);
    }
    // The delivery source by name is the delivery source.
    expect((await post({ name: 'Other', postal_codes: ['6*'], branch_id: goods.warehouseId })).status).toBe(409);
    expect((await post({ name: 'Other', postal_codes: ['6*'], branch_id: goods.storeId })).status).toBe(201);
    expect((await post({ name: 'Other', postal_codes: ['7*'], branch_id: 999_999 })).status).toBe(404);
    const free = await zone(['7*']);
    const { status } = await shop.request('PATCH', `/admin/delivery-zones/${free}`, {
      token: manager,
      body: { postal_codes: ['61500'] },
    });
    expect(status).toBe(409);
  });

  it('overlaps none, also when twenty are made at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post({ name: 'Same', postal_codes: ['6*'] })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(19).fill(409)]);
  });

  it('is the work of managers', async () => {
    const { token } = await signInAs(shop, 'EMPLOYEE');
    expect((await post({ name: 'Zone', postal_codes: ['6*'] }, token)).status).toBe(403);
  });
});

describe('an address in a zone', () => {
  it('is delivered at its fee, whatever the total, and from its minimum on', async () => {
    const id = await zone(['6*'], { fee: 44, minimum: 50 });
    expect(await check('6332101')).toEqual({
      covered: true,
      zone_id: id,
      branch_id: goods.warehouseId,
      fee: '44.00',
      minimum: '50.00',
    });
    const few = await ready(2);
    expect((await few.preview()).body.data).toMatchObject({
      delivery_fee: '44.00',
      total_amount: '64.00',
      minimum_order_total: '50.00',
    });
    expect((await few.pay()).body.error).toMatchObject({
      code: 'BELOW_MINIMUM_ORDER',
      details: { minimum_order_total: '50.00' },
    });
    const many = await ready(20);
    const bought = await many.pay();
    expect(bought.body.data.total_paid).toBe('244.00');
    const listed = await shop.request('GET', '/delivery-slots', {
      query: { branch_id: goods.warehouseId, postal_code: '6332101' },
    });
    expect(listed).toMatchObject({ status: 200, trips: 1 });
    expect(listed.body.data[0].fee).toBe('44.00');
  });

  it('pays what the preview showed: a dearer zone is asked again, a raised minimum is not asked for', async () => {
    const id = await zone(['6*'], { fee: 10, minimum: 20 });
    const { preview, pay } = await ready(2);
    await preview();
    await shop.request('PATCH', `/admin/delivery-zones/${id}`, { token: manager, body: { minimum: 100 } });
    await shop.request('PATCH', `/admin/delivery-zones/${id}`, { token: manager, body: { fee: 12 } });
    expect((await pay()).body.error).toMatchObject({
      code: 'PRICE_CHANGED',
      details: { previous_total: '30.00', total: '32.00' },
    });
    await shop.request('PATCH', `/admin/delivery-zones/${id}`, { token: manager, body: { fee: 10 } });
    expect((await pay()).status).toBe(201);
  });

  it('of another zone than the one shown is asked again, though another branch delivers there', async () => {
    await zone(['6*'], { fee: 10 });
    await zone(['3*'], { fee: 60, branch_id: goods.storeId });
    const { preview, pay } = await ready(2);
    await preview();
    const far = goods.slots.find((slot) => slot.branch_id === goods.storeId)!.id;
    const more = { address: '1 Herzl Street, Haifa', postal_code: '3303149', delivery_slot_id: far };
    expect((await pay(more)).body.error.code).toBe('PRICE_CHANGED');
  });

  it('is delivered by the branch of the zone, from its shelves and slots', async () => {
    await zone(['6*'], { branch_id: goods.storeId });
    const { customer, pay } = await ready(2);
    expect((await pay()).body.error.details.reason).toBe('NOT_FOUND');
    const slots = await shop.request('GET', '/delivery-slots', { query: { postal_code: '6332101' } });
    expect(new Set(slots.body.data.map((slot: { branch_id: number }) => slot.branch_id))).toEqual(
      new Set([goods.storeId]),
    );
    const own = slots.body.data.find((slot: { remaining: number }) => slot.remaining > 0).id;
    const bought = await pay({ delivery_slot_id: own });
    expect(bought.status).toBe(201);
    const order = await shop.request('GET', `/orders/${bought.body.data.order_id}`, { token: customer.token });
    expect(order.body.data.branch_id).toBe(goods.storeId);
  });

  it('of a branch that is switched off counts as none', async () => {
    const branchId = await makeBranch(shop, { isActive: false });
    await zone(['6*'], { branch_id: branchId });
    await makeSlot(shop, { branchId, dayOfWeek: 1 });
    expect(await check('6332101')).toMatchObject({ covered: false, branch_id: goods.warehouseId });
  });
});

describe('an address outside all zones', () => {
  it('passes at the fee of the settings while no zone is required', async () => {
    await zone(['3*'], { fee: 99 });
    expect(await check('6332101')).toEqual({
      covered: false,
      zone_id: null,
      branch_id: goods.warehouseId,
      fee: '30.00',
      minimum: '0.00',
    });
    expect((await (await ready()).pay()).body.data.total_paid).toBe('50.00');
  });

  it('is refused where one is required, and so is one without a code', async () => {
    await zone(['3*']);
    await requireZone();
    expect(await check('6332101')).toEqual({
      covered: false,
      zone_id: null,
      branch_id: null,
      fee: null,
      minimum: null,
    });
    const { preview, pay } = await ready();
    const typed = { address: '1 Herzl Street, Haifa' };
    for (const answer of [await preview(), await pay(), await preview(typed), await pay(typed)]) {
      expect([answer.status, answer.body.error.code]).toEqual([422, 'OUT_OF_AREA']);
    }
    const slots = await shop.request('GET', '/delivery-slots', { query: { postal_code: '6332101' } });
    expect([slots.status, slots.body.error.code]).toEqual([422, 'OUT_OF_AREA']);
    expect((await pay({ ...typed, postal_code: '3303149' })).status).toBe(201);
  });

  it('picks up whatever its code', async () => {
    await requireZone();
    const { pay } = await ready();
    expect((await pay({ fulfillment_type: 'PICKUP', branch_id: goods.storeId, delivery_slot_id: null })).status).toBe(
      201,
    );
  });

  it.each(['', 'abc', '123', '12345678901234567'])('is no address with the code %j', async (postal_code) => {
    expect((await shop.request('GET', '/store/delivery-check', { query: { postal_code } })).status).toBe(400);
  });
});
