import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeSlot, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let stocked: StandardShop;
let token: string;
beforeAll(async () => {
  shop = await openShop();
  stocked = await standardShop(shop);
  token = (await signInAs(shop, 'ADMIN')).token;
});

const send = (method: string, path: string, body?: unknown, query = {}) =>
  shop.request(method, `/admin${path}`, { token, query, ...(body === undefined ? {} : { body }) });

const auditOf = async (type: string, id: number) => {
  const rows = await shop.sql(
    'select action, old_value, new_value from audit_log where entity_type = $1 and entity_id = $2 order by id',
    [type, id],
  );
  return rows.map(({ action, old_value, new_value }) => [action, old_value, new_value]);
};

describe('branches', () => {
  it('are made, renamed, switched and listed', async () => {
    const made = await send('POST', '/branches', { name: 'North', address: '1 Hagalil Street' });
    expect([made.status, made.trips]).toEqual([201, 1]);
    const { id } = made.body.data;
    const renamed = await send('PATCH', `/branches/${id}`, { name: 'Far North' });
    expect(renamed.body.data).toMatchObject({ id, name: 'Far North', address: '1 Hagalil Street', is_active: true });
    const off = await send('PATCH', `/branches/${id}/toggle`);
    expect([off.body.data.is_active, off.trips]).toEqual([false, 1]);
    const inactive = await send('GET', '/branches', undefined, { is_active: false });
    expect(inactive.body.data.map((branch: any) => branch.id)).toEqual([id]);
    expect(inactive.trips).toBe(1);
    const all = await send('GET', '/branches', undefined, { limit: 1, offset: 1 });
    expect(all.body.meta).toEqual({ total: 3, limit: 1, offset: 1, has_next: true });
    expect(await auditOf('branch', id)).toMatchObject([
      ['CREATE', null, { name: 'North' }],
      ['UPDATE', { name: 'North' }, { name: 'Far North' }],
      ['DEACTIVATE', { is_active: true }, { is_active: false }],
    ]);
  });

  it('have names of their own, whatever the case', async () => {
    const twin = await send('POST', '/branches', { name: 'WAREHOUSE', address: '3 Other Street' });
    expect([twin.status, twin.body.error.code]).toEqual([409, 'BRANCH_EXISTS']);
    const renamed = await send('PATCH', `/branches/${stocked.storeId}`, { name: 'warehouse' });
    expect([renamed.status, renamed.body.error.code]).toEqual([409, 'BRANCH_EXISTS']);
  });

  it('keep the one that deliveries ship from', async () => {
    const path = `/branches/${stocked.warehouseId}/toggle`;
    for (const body of [undefined, { active: false }]) {
      const answer = await send('PATCH', path, body);
      expect([answer.status, answer.body.error.code]).toEqual([409, 'DELIVERY_SOURCE_BRANCH']);
    }
    expect((await send('PATCH', path, { active: true })).status).toBe(200);
    expect(await auditOf('branch', stocked.warehouseId)).toHaveLength(1);
  });

  it('answer 404 when absent and 400 when malformed', async () => {
    expect((await send('PATCH', '/branches/99999', { name: 'Nowhere' })).body.error.code).toBe('NOT_FOUND');
    expect((await send('PATCH', '/branches/99999/toggle')).status).toBe(404);
    for (const body of [{}, { name: 'N' }, { address: 'a' }, { name: null }, { is_active: true }]) {
      expect((await send('PATCH', `/branches/${stocked.storeId}`, body)).status).toBe(400);
    }
  });

  it('belong to administrators, slots to managers too', async () => {
    const manager = await signInAs(shop, 'MANAGER');
    expect((await shop.request('GET', '/admin/branches', { token: manager.token })).status).toBe(403);
    expect((await shop.request('GET', '/admin/delivery-slots', { token: manager.token })).status).toBe(200);
  });
});

describe('delivery slots', () => {
  const slot = (branch_id: number, start_time = '06:00', end_time = '08:00', day_of_week = 1) => ({
    branch_id,
    day_of_week,
    start_time,
    end_time,
  });
  const reasonOf = ({ status, body }: { status: number; body: any }) => [
    status,
    body.error?.code,
    body.error?.details.reason,
  ];

  it('are made with or without a capacity', async () => {
    const branch = await makeBranch(shop);
    const free = await send('POST', '/delivery-slots', slot(branch));
    expect([free.status, free.trips]).toEqual([201, 1]);
    expect(free.body.data).toMatchObject({
      branch_id: branch,
      day_of_week: 1,
      start_time: '06:00:00',
      end_time: '08:00:00',
      capacity: null,
      is_active: true,
    });
    const bounded = await send('POST', '/delivery-slots', { ...slot(branch, '08:00:00', '10:00'), capacity: 0 });
    expect(bounded.body.data.capacity).toBe(0);
    const listed = await send('GET', '/delivery-slots', undefined, { branchId: branch, day_of_week: 1 });
    expect(listed.body.data.map((each: any) => each.start_time)).toEqual(['06:00:00', '08:00:00']);
    expect(listed.trips).toBe(1);
    expect(await auditOf('delivery_slot', free.body.data.id)).toMatchObject([['CREATE', null, { capacity: null }]]);
  });

  it('say which rule they break', async () => {
    const branch = await makeBranch(shop);
    const post = async (start: string, end: string) =>
      reasonOf(await send('POST', '/delivery-slots', slot(branch, start, end)));
    expect(await post('08:00', '09:00')).toEqual([422, 'INVALID_SLOT', 'NOT_TWO_HOURS']);
    expect(await post('08:00', '06:00')).toEqual([422, 'INVALID_SLOT', 'NOT_TWO_HOURS']);
    expect(await post('05:00', '07:00')).toEqual([422, 'INVALID_SLOT', 'OUTSIDE_SERVICE_HOURS']);
    expect(await post('21:00', '23:00')).toEqual([422, 'INVALID_SLOT', 'OUTSIDE_SERVICE_HOURS']);
    expect(await post('10:00', '12:00')).toEqual([201, undefined, undefined]);
    expect(await post('11:00', '13:00')).toEqual([422, 'INVALID_SLOT', 'OVERLAP']);
    expect(await post('12:00', '14:00')).toEqual([201, undefined, undefined]);
    expect((await send('POST', '/delivery-slots', slot(99_999))).body.error.message).toBe('There is no such branch.');
  });

  it('do not overlap when two are made at once', async () => {
    const branch = await makeBranch(shop);
    const answers = await Promise.all(
      ['08:00', '08:30', '09:00', '09:30'].map((start) =>
        send(
          'POST',
          '/delivery-slots',
          slot(
            branch,
            start,
            start.replace(/^\d\d/, (hour) => `${Number(hour) + 2}`.padStart(2, '0')),
          ),
        ),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422]);
  });

  it('move, shrink and open up, each change signed', async () => {
    const branch = await makeBranch(shop);
    const id = await makeSlot(shop, { branchId: branch, dayOfWeek: 2, startTime: '08:00' });
    await makeSlot(shop, { branchId: branch, dayOfWeek: 2, startTime: '12:00' });
    expect(reasonOf(await send('PATCH', `/delivery-slots/${id}`, { start_time: '09:00' }))[2]).toBe('NOT_TWO_HOURS');
    expect(reasonOf(await send('PATCH', `/delivery-slots/${id}`, { start_time: '11:00', end_time: '13:00' }))[2]).toBe(
      'OVERLAP',
    );
    const moved = await send('PATCH', `/delivery-slots/${id}`, {
      start_time: '09:00',
      end_time: '11:00',
      capacity: null,
    });
    expect(moved.body.data).toMatchObject({ start_time: '09:00:00', end_time: '11:00:00', capacity: null });
    expect(moved.trips).toBe(1);
    expect(await auditOf('delivery_slot', id)).toMatchObject([
      ['CREATE', null, {}],
      ['UPDATE', { start_time: '08:00:00', capacity: 50 }, { start_time: '09:00:00', capacity: null }],
    ]);
  });

  it('are switched on only where there is room', async () => {
    const branch = await makeBranch(shop);
    const id = await makeSlot(shop, { branchId: branch, dayOfWeek: 3, startTime: '08:00' });
    expect((await send('PATCH', `/delivery-slots/${id}/toggle`, { active: false })).body.data.is_active).toBe(false);
    await makeSlot(shop, { branchId: branch, dayOfWeek: 3, startTime: '09:00' });
    expect(reasonOf(await send('PATCH', `/delivery-slots/${id}/toggle`))).toEqual([422, 'INVALID_SLOT', 'OVERLAP']);
    const shifted = await send('PATCH', `/delivery-slots/${id}`, { start_time: '11:00', end_time: '13:00' });
    expect(shifted.status).toBe(200);
    const on = await send('PATCH', `/delivery-slots/${id}/toggle`, undefined, { active: 'true' });
    expect([on.body.data.is_active, on.trips]).toEqual([true, 1]);
    expect((await auditOf('delivery_slot', id)).map(([action]) => action)).toEqual([
      'CREATE',
      'DEACTIVATE',
      'UPDATE',
      'ACTIVATE',
    ]);
  });

  it('answer 404 when absent and 400 when malformed', async () => {
    expect((await send('PATCH', '/delivery-slots/99999', { capacity: 1 })).status).toBe(404);
    expect((await send('PATCH', '/delivery-slots/99999/toggle')).status).toBe(404);
    const id = stocked.slots[0]!.id;
    for (const body of [
      {},
      { day_of_week: 7 },
      { capacity: -1 },
      { capacity: 10_001 },
      { start_time: '24:00' },
      { start_time: null },
    ]) {
      expect((await send('PATCH', `/delivery-slots/${id}`, body)).status).toBe(400);
    }
    expect((await send('GET', '/delivery-slots', undefined, { day_of_week: 7 })).status).toBe(400);
  });
});

describe('settings', () => {
  it('are read and changed in part, with who did it', async () => {
    const before = await send('GET', '/settings');
    expect(before.body.data).toMatchObject({
      delivery_min: '150.00',
      delivery_fee: '30.00',
      minimum_order_total: '0.00',
      slots: '06:00-22:00',
      currency: 'ILS',
      updated_by: null,
    });
    expect(before.trips).toBe(1);
    const admin = await signInAs(shop, 'ADMIN');
    const changed = await shop.request('PUT', '/admin/settings', {
      token: admin.token,
      body: { delivery_fee: 25.5, slots: '05:30-22:30' },
    });
    expect([changed.status, changed.trips]).toEqual([200, 1]);
    expect(changed.body.data).toMatchObject({
      delivery_min: '150.00',
      delivery_fee: '25.50',
      slots: '05:30-22:30',
      updated_by: admin.id,
    });
    expect((await auditOf('settings', 1)).at(-1)).toEqual([
      'UPDATE',
      { delivery_fee: 30, opens_at: '06:00:00', closes_at: '22:00:00' },
      { delivery_fee: 25.5, opens_at: '05:30:00', closes_at: '22:30:00' },
    ]);
  });

  it('know the currencies of the world', async () => {
    expect((await send('PUT', '/settings', { currency: 'EUR' })).body.data.currency).toBe('EUR');
    expect((await send('PUT', '/settings', { currency: 'ILS' })).status).toBe(200);
  });

  it.each(['JPY', 'KRW', 'CLP', 'KWD', 'BHD', 'TND'])('refuse %s: money here has two decimals', async (currency) => {
    const { status, body } = await send('PUT', '/settings', { currency });
    expect([status, body.error.details.errors[0].path]).toEqual([400, 'currency']);
    expect((await send('GET', '/settings')).body.data.currency).toBe('ILS');
  });

  it('take shorter hours: the slots outside cannot be booked until the hours are long again', async () => {
    const first = stocked.slots[0]!.id;
    const remaining = async () =>
      (await shop.request('GET', '/delivery-slots')).body.data.find(({ id }: { id: number }) => id === first).remaining;
    expect(await remaining()).toBeGreaterThan(0);
    const shorter = await send('PUT', '/settings', { slots: '09:00-22:00' });
    expect([shorter.status, shorter.body.data.slots]).toEqual([200, '09:00-22:00']);
    expect(await remaining()).toBe(0);
    const changed = await send('PATCH', `/delivery-slots/${first}`, { capacity: 7 });
    expect([changed.status, changed.body.error.details.reason]).toEqual([422, 'OUTSIDE_SERVICE_HOURS']);
    await send('PUT', '/settings', { slots: '06:00-22:00' });
    expect(await remaining()).toBeGreaterThan(0);
  });

  it('refuse what is not valid', async () => {
    const bodies = [
      {},
      { delivery_fee: -1 },
      { delivery_min: '1.234' },
      { slots: '22:00-06:00' },
      { slots: '08:00-09:59' },
      { slots: '8-22' },
      { currency: 'ils' },
      { currency: 'QQQ' },
      { currency: null },
      { updated_by: 1 },
    ];
    for (const body of bodies) {
      const answer = await send('PUT', '/settings', body);
      expect([body, answer.status]).toEqual([body, 400]);
    }
  });
});
