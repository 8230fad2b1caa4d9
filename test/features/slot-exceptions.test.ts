import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeBranch, makeProduct, makeSlot, makeStock, signInAs } from '../support/factories.ts';
import { overlap } from '../support/overlap.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let manager: string;
let productId: number;
let dates: { date: string; day: number }[];
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  manager = (await signInAs(shop, 'MANAGER')).token;
  productId = await makeProduct(shop, { price: '10.00' });
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 1000 });
  dates = await shop.sql(
    `select d::text as date, extract(dow from d)::int as day
     from (select (now() at time zone 'Asia/Jerusalem')::date + n as d from generate_series(0, 59) n) x`,
  );
});

const post = (body: object, token = manager) => shop.request('POST', '/admin/slot-exceptions', { token, body });
const close = (date: string, more: object = {}) =>
  post({ branch_id: goods.warehouseId, date, closed: true, reason: 'Holiday', ...more });
const listed = async (id: number, query: Record<string, any> = {}) =>
  (await shop.request('GET', '/delivery-slots', { query })).body.data.find((slot: { id: number }) => slot.id === id);
const slotsOf = (day: number) => goods.slots.filter((s) => s.branch_id === goods.warehouseId && s.day_of_week === day);

const ready = async (slotId: number, date: string) => {
  const customer = await newCustomer(shop);
  const terms = { ...delivery(await fillCart(shop, customer, [[productId, 1]]), slotId), delivery_date: date };
  return { customer, terms, pay: () => confirm(shop, customer, terms) };
};

describe('a closed date', () => {
  it('is skipped by next_date, has nothing left and is refused with its reason', async () => {
    const { date, day } = dates[2]!;
    const [slot] = slotsOf(day);
    expect((await listed(slot!.id)).next_date).toBe(date);
    const { pay } = await ready(slot!.id, date);
    const made = await close(date);
    expect(made).toMatchObject({ status: 201, trips: 1 });
    expect(made.body.data).toMatchObject({ date, slot_id: null, closed: true, capacity: null, reason: 'Holiday' });
    expect((await listed(slot!.id)).next_date).toBe(dates[9]!.date);
    expect(await listed(slot!.id, { date })).toMatchObject({ remaining: 0, closed_reason: 'CLOSED' });
    const refused = await pay();
    expect([refused.status, refused.body.error.details.reason]).toEqual([422, 'CLOSED']);
    const again = await close(date);
    expect([again.status, again.body.error.code]).toEqual([409, 'EXCEPTION_EXISTS']);

    const list = await shop.request('GET', '/admin/slot-exceptions', { token: manager, query: { date_from: date } });
    expect(list.body.data.map((one: { id: number }) => one.id)).toContain(made.body.data.id);
    const path = `/admin/slot-exceptions/${made.body.data.id}`;
    expect((await shop.request('DELETE', path, { token: manager })).body.data).toEqual({ success: true });
    expect((await shop.request('DELETE', path, { token: manager })).status).toBe(404);
    expect((await listed(slot!.id)).next_date).toBe(date);
    expect((await pay()).status).toBe(201);
    const audit = await shop.sql(
      `select action from audit_log where entity_type = 'slot_exception' and entity_id = $1 order by id`,
      [made.body.data.id],
    );
    expect(audit.map(({ action }) => action)).toEqual(['CREATE', 'DELETE']);
  });

  it('with orders is refused with their numbers; force closes it to new ones', async () => {
    const { date, day } = dates[4]!;
    const [slot, other] = slotsOf(day);
    const { pay } = await ready(slot!.id, date);
    const bought = await pay();
    expect((await close(date, { slot_id: other!.id })).status).toBe(201);
    const refused = await close(date);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'ORDERS_BOOKED']);
    expect(refused.body.error.details).toEqual({
      orders: 1,
      order_numbers: [bought.body.data.order_number],
      being_paid: 0,
    });
    expect((await close(date, { force: true })).status).toBe(201);
    const late = await ready(slot!.id, date);
    expect((await late.pay()).body.error.details.reason).toBe('CLOSED');
  });

  it('is no date for one slot that has a capacity of its own', async () => {
    const { date, day } = dates[5]!;
    const [slot, other] = slotsOf(day);
    await close(date);
    const extra = await post({
      branch_id: goods.warehouseId,
      date,
      slot_id: slot!.id,
      capacity: 1,
      reason: 'Short day',
    });
    expect(extra.status).toBe(201);
    expect(await listed(slot!.id, { date })).toMatchObject({ capacity: 1, remaining: 1, closed_reason: null });
    expect(await listed(other!.id, { date })).toMatchObject({ remaining: 0, closed_reason: 'CLOSED' });
    expect((await (await ready(slot!.id, date)).pay()).status).toBe(201);
    expect(await listed(slot!.id, { date })).toMatchObject({ remaining: 0, closed_reason: 'FULL' });
    expect((await (await ready(slot!.id, date)).pay()).body.error.code).toBe('SLOT_FULL');
  });
});

it('more capacity on a date lets more orders in, on that date alone', async () => {
  const { date, day } = dates[3]!;
  await shop.sql('delete from delivery_slots where branch_id = $1 and day_of_week = $2', [goods.warehouseId, day]);
  const slotId = await makeSlot(shop, { branchId: goods.warehouseId, dayOfWeek: day, capacity: 1 });
  await post({ branch_id: goods.warehouseId, date, capacity: 2, reason: 'Second van' });
  const answers = [];
  for (let n = 0; n < 3; n++) answers.push(await (await ready(slotId, date)).pay());
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 409]);
  expect((await listed(slotId, { date: dates[10]!.date })).capacity).toBe(1);
});

describe('bad exceptions', () => {
  const day = '2040-01-01';
  it.each([
    [{}, 400, 'VALIDATION_ERROR'],
    [{ closed: true, capacity: 3 }, 400, 'VALIDATION_ERROR'],
    [{ closed: false }, 400, 'VALIDATION_ERROR'],
    [{ capacity: -1 }, 400, 'VALIDATION_ERROR'],
    [{ capacity: 10_001 }, 400, 'VALIDATION_ERROR'],
    [{ closed: true, date: '2026-02-30' }, 400, 'VALIDATION_ERROR'],
    [{ closed: true, reason: ' ' }, 400, 'VALIDATION_ERROR'],
    [{ closed: true, date: '2020-01-01' }, 422, 'PAST_DATE'],
    [{ closed: true, branch_id: 999_999 }, 404, 'NOT_FOUND'],
    [{ closed: true, slot_id: 999_999 }, 404, 'NOT_FOUND'],
  ])('%o is %s %s', async (wrong, status, code) => {
    const answer = await post({ branch_id: goods.warehouseId, date: day, reason: 'Holiday', ...wrong });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('names a slot that does not run on that weekday', async () => {
    const slot = slotsOf((dates[6]!.day + 1) % 7)[0]!;
    const answer = await close(dates[6]!.date, { slot_id: slot.id });
    expect(answer.body.error).toMatchObject({ code: 'INVALID_SLOT', details: { reason: 'WRONG_WEEKDAY' } });
  });

  it('come from managers alone', async () => {
    const { token } = await signInAs(shop, 'EMPLOYEE');
    expect((await post({}, token)).status).toBe(403);
  });
});

/** Each round has a slot of its own. */
describe('fifty races', () => {
  let branchSlots: { id: number; date: string }[];
  beforeEach(async () => {
    await shop.sql('delete from slot_exceptions');
    branchSlots = slotsOf(dates[6]!.day).map(({ id }) => ({ id, date: '' }));
  });

  it('of closing a date against a confirm end with the order seen, or the confirm refused', async () => {
    for (let round = 0; round < 50; round++) {
      const slot = branchSlots[round % branchSlots.length]!;
      const { date } = dates[6 + 7 * (Math.floor(round / branchSlots.length) % 7)]!;
      await shop.sql('delete from slot_exceptions');
      const { pay, customer } = await ready(slot.id, date);
      const closing = () => close(date, { slot_id: slot.id });
      const [paid, closed] =
        round % 2 ? await Promise.all([pay(), closing()]) : (await Promise.all([closing(), pay()])).toReversed();
      const live = await shop.sql(`select id from orders where user_id = $1 and status <> 'CANCELED'`, [customer.id]);
      if (closed!.status === 201) {
        expect([paid!.status, paid!.body.error.details.reason, live.length]).toEqual([422, 'CLOSED', 0]);
      } else {
        expect([closed!.body.error.code, paid!.status, live.length]).toEqual(['ORDERS_BOOKED', 201, 1]);
        await shop.request('POST', `/orders/${paid!.body.data.order_id}/cancel`, { token: customer.token });
      }
    }
  });

  it('of closing a date that confirm waits for end with the date closed', async () => {
    const { date, day } = dates[13]!;
    const slotId = slotsOf(day)[0]!.id;
    const { pay } = await ready(slotId, date);
    const steps = `
      perform lock_slots(${goods.warehouseId}, ${slotId});
      insert into slot_exceptions (branch_id, date, slot_id, closed, reason)
        values (${goods.warehouseId}, '${date}', ${slotId}, true, 'Holiday')`;
    expect((await overlap(shop, { steps }, pay)).body.error.details.reason).toBe('CLOSED');
  });

  it('of lowering a capacity against a purchase never sell a place that is gone', async () => {
    const branchId = goods.warehouseId;
    const { day } = dates[1]!;
    await shop.sql('delete from delivery_slots where branch_id = $1 and day_of_week = $2', [branchId, day]);
    const slotId = await makeSlot(shop, { branchId, dayOfWeek: day, capacity: 1 });
    const weeks = dates.filter((one, n) => one.day === day && n > 0);
    for (let round = 0; round < 50; round++) {
      const { date } = weeks[round % weeks.length]!;
      const { pay, customer } = await ready(slotId, date);
      const lower = () => post({ branch_id: branchId, date, slot_id: slotId, capacity: 0, reason: 'Van broken' });
      const [lowered, paid] = await Promise.all([lower(), pay()]);
      expect(lowered.status).toBe(201);
      const [order] = await shop.sql<{ seen: number; lowered: number }>(
        `select (select max(id) from audit_log where entity_type = 'order' and action = 'CREATE' and entity_id = o.id) as seen,
           (select id from audit_log where entity_type = 'slot_exception' and entity_id = $2) as lowered
         from orders o where user_id = $1 and status <> 'CANCELED'`,
        [customer.id, lowered.body.data.id],
      );
      if (paid.status === 201) {
        expect(order!.seen).toBeLessThan(order!.lowered);
        await shop.request('POST', `/orders/${paid.body.data.order_id}/cancel`, { token: customer.token });
      } else expect([paid.body.error.code, order]).toEqual(['SLOT_FULL', undefined]);
      await shop.request('DELETE', `/admin/slot-exceptions/${lowered.body.data.id}`, { token: manager });
    }
  });
});

it('closes a branch, not its neighbour', async () => {
  const branchId = await makeBranch(shop);
  const { date, day } = dates[7]!;
  const slotId = await makeSlot(shop, { branchId, dayOfWeek: day });
  await post({ branch_id: branchId, date, closed: true, reason: 'Stocktaking' });
  expect((await listed(slotId, { date })).closed_reason).toBe('CLOSED');
  expect((await listed(slotsOf(day)[0]!.id, { date })).closed_reason).toBeNull();
});
