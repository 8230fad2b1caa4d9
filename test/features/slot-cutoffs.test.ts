import { beforeAll, describe, expect, it } from 'vitest';
import { confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeSlot, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let manager: string;
let productId: number;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  manager = (await signInAs(shop, 'MANAGER')).token;
  productId = await makeProduct(shop, { price: '10.00' });
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 1000 });
  // Slots of the tests' own.
  await shop.sql('update delivery_slots set is_active = false');
  await shop.sql(`update settings set opens_at = '00:00', closes_at = '23:59:59'`);
});

const ZONES = ['Asia/Jerusalem', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];

/** A local time so many minutes from now, by the database's clock. */
const at = async (zone: string, minutes: number) => {
  const [row] = await shop.sql<{ date: string; time: string; day: number; instant: string }>(
    `select local::date::text as date, to_char(local, 'HH24:MI:SS') as time, extract(dow from local)::int as day,
       to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as instant
     from (select date_trunc('second', now()) + make_interval(mins => $2) as instant) i,
       lateral (select instant at time zone $1 as local) l`,
    [zone, minutes],
  );
  return row!;
};
const dateIn = async (zone: string, days: number) => {
  const [row] = await shop.sql<{ date: string; day: number }>(
    `select d::text as date, extract(dow from d)::int as day from (select (now() at time zone $1)::date + $2::int as d) x`,
    [zone, days],
  );
  return row!;
};
const slotOf = async (id: number, { zone = 'Asia/Jerusalem', ...query }: Record<string, any> = {}) => {
  const { body } = await shop.request('GET', '/delivery-slots', { query, env: { SHOP_TIME_ZONE: zone } });
  return body.data.find((slot: { id: number }) => slot.id === id);
};
const set = (id: number, columns: string) => shop.sql(`update delivery_slots set ${columns} where id = ${id}`);

describe.each(ZONES)('a cut-off in %s', (zone) => {
  it('at a time of the day before is decided by the clock of the database, also across midnight', async () => {
    for (const [minutes, isOpen] of [
      [-1, false],
      [2, true],
    ] as const) {
      const end = await at(zone, minutes);
      const [next] = await shop.sql<{ date: string; day: number }>(
        `select ($1::date + 1)::text as date, extract(dow from $1::date + 1)::int as day`,
        [end.date],
      );
      const id = await makeSlot(shop, { branchId: goods.warehouseId, dayOfWeek: next!.day, startTime: '20:00' });
      await set(id, `cutoff_day_before = '${end.time}'`);
      const slot = await slotOf(id, { zone, date: next!.date });
      expect(slot).toMatchObject({
        closes_at: end.instant,
        closed_reason: isOpen ? null : 'CUT_OFF',
        remaining: isOpen ? 50 : 0,
      });
      await set(id, 'is_active = false');
    }
  });

  it('of so many minutes is counted back from the start', async () => {
    const { date, day } = await dateIn(zone, 3);
    const id = await makeSlot(shop, { branchId: goods.warehouseId, dayOfWeek: day, startTime: '00:30' });
    await set(id, 'cutoff_minutes = 90');
    const slot = await slotOf(id, { zone, date });
    const [start] = await shop.sql<{ closes_at: string }>(
      `select to_char((($1::date + time '00:30') at time zone $2 - interval '90 minutes') at time zone 'UTC',
         'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as closes_at`,
      [date, zone],
    );
    expect(slot).toMatchObject({ ...start, closed_reason: null });
    const [gone] = await shop.sql<{ minutes: number }>(
      `select ceil(extract(epoch from (($1::date + time '00:30') at time zone $2) - now()) / 60)::int as minutes`,
      [date, zone],
    );
    await set(id, `cutoff_minutes = ${gone!.minutes + 1}`);
    expect(await slotOf(id, { zone, date })).toMatchObject({ closed_reason: 'CUT_OFF', remaining: 0 });
    await set(id, 'is_active = false');
  });
});

/** Days on which clocks change: the instants were worked out by hand. */
it.each([
  // 2027-03-26: 02:00 becomes 03:00. Two hours before 04:00 is 01:00 standard time.
  ['Asia/Jerusalem', '2027-03-26', '04:00', 120, null, '2027-03-25T23:00:00Z'],
  ['Asia/Jerusalem', '2027-03-26', '08:00', 0, '18:00', '2027-03-25T16:00:00Z'],
  // 2027-10-31: 02:00 becomes 01:00 again, so three hours before 03:00 is 01:00 of summer time.
  ['Asia/Jerusalem', '2027-10-31', '03:00', 180, null, '2027-10-30T22:00:00Z'],
  ['Asia/Jerusalem', '2027-11-01', '08:00', 0, '01:30', '2027-10-30T23:30:00Z'],
  // Half an hour: 2026-10-04 02:00 becomes 02:30, 2027-04-04 02:00 becomes 01:30.
  ['Australia/Lord_Howe', '2026-10-04', '03:00', 60, null, '2026-10-03T15:00:00Z'],
  ['Australia/Lord_Howe', '2027-04-04', '08:00', 60, null, '2027-04-03T20:30:00Z'],
  ['Asia/Kathmandu', '2027-01-01', '08:00', 0, '23:59', '2026-12-31T18:14:00Z'],
  // The day after the 29th of December 2011 was the 31st.
  ['Pacific/Apia', '2011-12-31', '08:00', 0, '18:00', '2011-12-31T04:00:00Z'],
  ['Pacific/Apia', '2027-01-01', '00:00', 30, null, '2026-12-31T10:30:00Z'],
])(
  'in %s, the slot of %s at %s with a cut-off of %s or %s closes at %s',
  async (zone, date, start, minutes, before, at) => {
    const [row] = await shop.sql<{ same: boolean; closes_at: string }>(
      `select slot_closes_at($1, $2, $3, $4, $5) = $6::timestamptz as same, slot_closes_at($1, $2, $3, $4, $5)`,
      [date, start, minutes, before, zone, at],
    );
    expect(row).toMatchObject({ same: true });
  },
);

describe('a slot past its cut-off', () => {
  it('is refused by preview and confirm with its reason, and costs its own fee before', async () => {
    const { date, day } = await dateIn('Asia/Jerusalem', 2);
    const id = await makeSlot(shop, { branchId: goods.warehouseId, dayOfWeek: day, startTime: '10:00' });
    await set(id, `fee = '45.50'`);
    expect((await slotOf(id)).fee).toBe('45.50');
    const customer = await newCustomer(shop);
    const terms = { ...delivery(await fillCart(shop, customer, [[productId, 20]]), id), delivery_date: date };
    const preview = () => shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    const shown = await preview();
    // Above the amount from which the settings' delivery is free.
    expect(shown.body.data).toMatchObject({
      delivery_fee: '45.50',
      total_amount: '245.50',
      minimum_order_total: '0.00',
    });
    await set(id, 'cutoff_minutes = 10000');
    for (const answer of [await preview(), await confirm(shop, customer, terms)]) {
      expect([answer.status, answer.body.error.code, answer.body.error.details.reason]).toEqual([
        422,
        'INVALID_SLOT',
        'CUT_OFF',
      ]);
    }
    await set(id, `cutoff_minutes = 0, fee = '50.00'`);
    expect((await confirm(shop, customer, terms)).body.error.code).toBe('PRICE_CHANGED');
    await preview();
    const bought = await confirm(shop, customer, terms);
    expect(bought.body.data.total_paid).toBe('250.00');
  });

  it.each([
    [{ date: 70 }, 'TOO_FAR_AHEAD'],
    [{ date: 3 }, 'WRONG_WEEKDAY'],
    [{ slot: -1 }, 'NOT_FOUND'],
  ])('is one of the reasons: %o is %s', async (wrong: { date?: number; slot?: number }, reason) => {
    const { day } = await dateIn('Asia/Jerusalem', 0);
    const id = await makeSlot(shop, { branchId: goods.warehouseId, dayOfWeek: day, startTime: '12:00' });
    const customer = await newCustomer(shop);
    const terms = {
      ...delivery(await fillCart(shop, customer, [[productId, 1]]), wrong.slot ? 999_999 : id),
      delivery_date: (await dateIn('Asia/Jerusalem', wrong.date ?? 7)).date,
    };
    const { body } = await confirm(shop, customer, terms);
    expect([body.error.code, body.error.details.reason]).toEqual(['INVALID_SLOT', reason]);
    await set(id, 'is_active = false');
  });
});

describe('managers', () => {
  const post = (body: object) => shop.request('POST', '/admin/delivery-slots', { token: manager, body });
  const good = () => ({ branch_id: goods.storeId, day_of_week: 1, start_time: '06:00', end_time: '08:00' });

  it('set a cut-off and a fee, and no two cut-offs', async () => {
    const both = await post({ ...good(), cutoff_minutes: 60, cutoff_day_before: '18:00' });
    expect([both.status, both.body.error.code, both.body.error.details.reason]).toEqual([
      422,
      'INVALID_SLOT',
      'TWO_CUTOFFS',
    ]);
    const made = await post({ ...good(), cutoff_day_before: '18:00', fee: 12.5 });
    expect(made.body.data).toMatchObject({ cutoff_minutes: 0, cutoff_day_before: '18:00:00', fee: '12.50' });
    const patch = (body: object) =>
      shop.request('PATCH', `/admin/delivery-slots/${made.body.data.id}`, { token: manager, body });
    expect((await patch({ cutoff_minutes: 30 })).body.error.details.reason).toBe('TWO_CUTOFFS');
    expect((await patch({ cutoff_minutes: 30, cutoff_day_before: null, fee: null })).body.data).toMatchObject({
      cutoff_minutes: 30,
      cutoff_day_before: null,
      fee: null,
    });
  });

  it.each([
    { cutoff_minutes: -1 },
    { cutoff_minutes: 10_081 },
    { cutoff_day_before: '24:00' },
    { fee: '-1' },
    { fee: 1.234 },
  ])('are told what is wrong with %o', async (wrong) => {
    const { status, body } = await post({ ...good(), ...wrong });
    expect([status, body.error.details.errors[0].path]).toEqual([400, Object.keys(wrong)[0]]);
  });
});

it('sixty days ahead are one trip: every date of every slot, with what is left of each', async () => {
  const { date, day } = await dateIn('Asia/Jerusalem', 1);
  const id = await makeSlot(shop, { branchId: goods.storeId, dayOfWeek: day, startTime: '10:00', capacity: 4 });
  await shop.sql(
    `insert into slot_exceptions (branch_id, date, slot_id, closed, capacity, reason)
     values ($1, $2::date + 7, null, true, null, 'Holiday'), ($1, $2::date + 14, $3, false, 9, 'Eve')`,
    [goods.storeId, date, id],
  );
  const answer = await shop.request('GET', '/delivery-slots', { query: { branch_id: goods.storeId, days: 60 } });
  expect(answer).toMatchObject({ status: 200, trips: 1 });
  const own = answer.body.data.filter((slot: { id: number }) => slot.id === id);
  expect(own).toHaveLength(9);
  expect(own.slice(0, 3)).toMatchObject([
    { next_date: date, remaining: 4, capacity: 4, closed_reason: null },
    { remaining: 0, closed_reason: 'CLOSED' },
    { remaining: 9, capacity: 9, closed_reason: null },
  ]);
  const dates = answer.body.data.map((slot: { next_date: string }) => slot.next_date);
  expect(dates).toEqual(dates.toSorted());
});
