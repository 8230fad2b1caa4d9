import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeSlot, makeUser } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

const TIME_ZONE = 'Asia/Jerusalem';

let shop: Shop;
let warehouse: number;
beforeAll(async () => {
  shop = await openShop();
  warehouse = await makeBranch(shop, { name: 'Warehouse' });
});

interface Slot {
  id: number;
  next_date: string;
  start_time: string;
  remaining: number | null;
}

const slots = async (query: Record<string, string | number> = {}): Promise<Slot[]> => {
  const answer = await shop.request('GET', '/delivery-slots', { query });
  expect(answer).toMatchObject({ status: 200, trips: 1 });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return answer.body.data;
};

/** A date of the shop's calendar, so many days from today, with its day of the week; by the database's clock. */
const day = async (offset: number) => {
  const [row] = await shop.sql<{ date: string; day: number }>(
    `select date::text, extract(dow from date)::integer as day
     from (select (now() at time zone '${TIME_ZONE}')::date + $1::integer as date) shop`,
    [offset],
  );
  return row!;
};

async function order(slotId: number, date: string, status = 'CREATED', isPlaced = true) {
  const { id } = await makeUser(shop);
  await shop.sql(
    `insert into orders (order_number, user_id, status, fulfillment_type, branch_id, goods_total, total_amount, currency,
                         delivery_slot_id, delivery_date, delivery_address, window_start, window_end, placed_at)
       values (gen_random_uuid()::text, $1, $2, 'DELIVERY', $3, 10, 10, 'ILS', $4, $5, 'Somewhere 1', now(), now(),
               case when $6 then now() end)`,
    [id, status, warehouse, slotId, date, isPlaced],
  );
}

async function hold(slotId: number, date: string, until: string) {
  const { id } = await makeUser(shop);
  await shop.sql(
    `with cart as (insert into carts (user_id) values ($1) returning id)
     insert into slot_holds (cart_id, slot_id, delivery_date, expires_at) select id, $2, $3, now() + $4::interval from cart`,
    [id, slotId, date, until],
  );
}

describe('branches', () => {
  it('are listed by name behind the one that delivers, without those switched off', async () => {
    const harbour = await makeBranch(shop, { name: 'harbour' });
    const center = await makeBranch(shop, { name: 'Center' });
    await makeBranch(shop, { name: 'Abandoned', isActive: false });
    const answer = await shop.request('GET', '/branches');
    expect(answer).toMatchObject({ status: 200, trips: 1 });
    expect(answer.body).toEqual({
      data: [
        { id: warehouse, name: 'Warehouse', address: '1 Herzl Street, Haifa', is_active: true },
        { id: center, name: 'Center', address: '1 Herzl Street, Haifa', is_active: true },
        { id: harbour, name: 'harbour', address: '1 Herzl Street, Haifa', is_active: true },
      ],
      meta: { total: 3, limit: 20, offset: 0, has_next: false },
    });
    const second = await shop.request('GET', '/branches', { query: { limit: 1, offset: 1 } });
    expect(second.body.data.map((branch: { id: number }) => branch.id)).toEqual([center]);
  });

  it('tell which one delivers', async () => {
    const answer = await shop.request('GET', '/branches/delivery-source');
    expect(answer).toMatchObject({ status: 200, trips: 1, body: { data: { id: warehouse, name: 'Warehouse' } } });
    const misled = await shop.request('GET', '/branches/delivery-source', {
      env: { DELIVERY_SOURCE_BRANCH_ID: '999999' },
    });
    expect(misled.status).toBe(404);
  });
});

describe('delivery slots', () => {
  it('tell the next date whose start is in the future', async () => {
    const today = await day(0);
    const yesterday = await day(-1);
    const early = await makeSlot(shop, { branchId: warehouse, dayOfWeek: today.day, startTime: '00:00' });
    const past = await makeSlot(shop, { branchId: warehouse, dayOfWeek: yesterday.day, startTime: '21:00' });
    const all = await slots();
    const dateOf = (id: number) => all.find((slot) => slot.id === id)?.next_date;
    expect(dateOf(early)).toBe((await day(7)).date);
    expect(dateOf(past)).toBe((await day(6)).date);
    const begun = await slots({ date: today.date });
    expect(begun.find((slot) => slot.id === early)?.remaining).toBe(0);
  });

  it('count places taken by orders, also unpaid ones, and by live holds', async () => {
    const { date, day: dayOfWeek } = await day(2);
    const id = await makeSlot(shop, { branchId: warehouse, dayOfWeek, startTime: '10:00', capacity: 5 });
    const remaining = async (query = {}) => (await slots(query)).find((slot) => slot.id === id)?.remaining;
    expect(await remaining()).toBe(5);
    await order(id, date);
    await order(id, date, 'CREATED', false);
    await order(id, date, 'CANCELED');
    await hold(id, date, '10 minutes');
    await hold(id, date, '-1 second');
    expect(await remaining()).toBe(2);
    expect(await remaining({ date })).toBe(2);
    expect(await remaining({ date: (await day(9)).date })).toBe(5);
    expect(await remaining({ date: (await day(3)).date })).toBeUndefined();
    expect(await remaining({ date: (await day(58)).date })).toBe(5);
    expect(await remaining({ date: (await day(65)).date })).toBe(0);
    await shop.sql('update delivery_slots set capacity = 1 where id = $1', [id]);
    expect(await remaining()).toBe(0);
    await shop.sql('update delivery_slots set capacity = null where id = $1', [id]);
    expect(await remaining()).toBeNull();
    expect(await remaining({ date: (await day(-5)).date })).toBe(0);
  });

  it('are those of active branches that are on, the soonest first', async () => {
    const open = await makeBranch(shop);
    const closed = await makeBranch(shop, { isActive: false });
    const { day: soon } = await day(1);
    const { day: later } = await day(4);
    const late = await makeSlot(shop, { branchId: open, dayOfWeek: later, startTime: '12:00', capacity: null });
    const early = await makeSlot(shop, { branchId: open, dayOfWeek: later, startTime: '08:00' });
    const first = await makeSlot(shop, { branchId: open, dayOfWeek: soon, startTime: '20:00' });
    await makeSlot(shop, { branchId: open, dayOfWeek: soon, isActive: false });
    await makeSlot(shop, { branchId: closed, dayOfWeek: soon });
    expect((await slots({ branch_id: open })).map((slot) => slot.id)).toEqual([first, early, late]);
    expect((await slots({ branchId: open, dayOfWeek: later })).map((slot) => slot.id)).toEqual([early, late]);
    expect(await slots({ branch_id: closed })).toEqual([]);
    expect(await slots({ branch_id: 999_999 })).toEqual([]);
    expect((await slots({ branch_id: open, day_of_week: later }))[1]).toEqual({
      id: late,
      branch_id: open,
      day_of_week: later,
      start_time: '12:00:00',
      end_time: '14:00:00',
      capacity: null,
      next_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      remaining: null,
      cutoff_minutes: 0,
      cutoff_day_before: null,
      fee: null,
      closes_at: expect.any(String),
      closed_reason: null,
    });
  });

  it('stand by date, time of day and id across branches, with and without a date', async () => {
    const { date, day: dayOfWeek } = await day(3);
    const branches = [await makeBranch(shop), await makeBranch(shop)];
    for (const startTime of ['18:00', '08:00']) {
      for (const branchId of branches.toReversed()) await makeSlot(shop, { branchId, dayOfWeek, startTime });
    }
    for (const query of [{}, { date }]) {
      const listed = await slots(query);
      const keys = listed.map((slot) => `${slot.next_date} ${slot.start_time} ${String(slot.id).padStart(9, '0')}`);
      expect(keys).toEqual(keys.toSorted());
    }
  });

  it.each([{ day_of_week: 7 }, { day_of_week: -1 }, { date: '2026-02-30' }, { date: 'soon' }, { branch_id: 0 }])(
    'refuse %o',
    async (query) => {
      expect(await shop.request('GET', '/delivery-slots', { query: query as never })).toMatchObject({
        status: 400,
        trips: 0,
      });
    },
  );
});
