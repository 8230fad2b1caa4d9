import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PromotingShop, promotingShop } from '../support/promotions.ts';

let floor: PromotingShop;
beforeAll(async () => {
  floor = await promotingShop();
});
afterEach(() => floor.switchAllOff());

const refused = async (body: Record<string, unknown>) => {
  const { status, body: answer } = await floor.post(body);
  return [status, answer.error?.code, answer.error?.details?.errors?.[0]?.path];
};

describe('a promotion', () => {
  it('is made, listed, changed and switched off', async () => {
    const terms = {
      name: 'Milk week',
      kind: 'MULTI_BUY',
      take: 3,
      pay: 2,
      starts_at: '2026-03-01T00:00:00+02:00',
      ends_at: '2026-04-01T00:00:00Z',
      branch_ids: [floor.goods.warehouseId],
      category_ids: [floor.goods.categories.Milk],
      tiers: ['GOLD', 'SIL"VER'],
      minimum_total: 50,
      limit_total: 100,
      limit_per_customer: 2,
      priority: 5,
      group: 'dairy',
    };
    const { status, body } = await floor.post(terms);
    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      ...terms,
      starts_at: '2026-02-28T22:00:00.000Z',
      ends_at: '2026-04-01T00:00:00.000Z',
      minimum_total: '50.00',
      value: null,
      bundle_price: null,
      code: null,
      product_ids: null,
      is_active: true,
      used: 0,
    });
    const { id } = body.data;
    const changed = await floor.change(id, {
      pay: null,
      bundle_price: '20.00',
      tiers: null,
      group: null,
      limit_total: null,
    });
    expect(changed.body.data).toMatchObject({
      pay: null,
      bundle_price: '20.00',
      tiers: null,
      group: null,
      name: 'Milk week',
    });
    const off = await floor.shop.request('PATCH', `/admin/promotions/${id}/toggle`, { token: floor.manager });
    expect(off.body.data.is_active).toBe(false);
    const list = (query: Record<string, unknown>) =>
      floor.shop.request('GET', '/admin/promotions', { token: floor.manager, query: query as Record<string, string> });
    expect((await list({ is_active: 'false' })).body.data[0]).toMatchObject({ id, is_active: false });
    expect((await list({ is_active: 'true' })).body.data).toEqual([]);
    const audit = await floor.shop.sql(
      `select action, new_value ->> 'bundle_price' as price from audit_log where entity_type = 'promotion' and entity_id = $1 order by id`,
      [id],
    );
    expect(audit).toEqual([
      { action: 'CREATE', price: null },
      { action: 'UPDATE', price: '20.00' },
      { action: 'DEACTIVATE', price: null },
    ]);
  });

  it.each([
    ['a percentage over 100', { kind: 'PERCENT', value: 100.01 }, 422, 'INVALID_PROMOTION'],
    ['a percentage of nothing', { kind: 'COUPON_PERCENT', value: 0, code: 'ZERO' }, 422, 'INVALID_PROMOTION'],
    ['no value', { kind: 'FIXED' }, 422, 'INVALID_PROMOTION'],
    ['a coupon without a code', { kind: 'COUPON_FIXED', value: 1 }, 422, 'INVALID_PROMOTION'],
    ['groups that pay for all', { kind: 'MULTI_BUY', take: 2, pay: 2 }, 422, 'INVALID_PROMOTION'],
    ['groups without a price', { kind: 'MULTI_BUY', take: 2 }, 422, 'INVALID_PROMOTION'],
    ['groups with two prices', { kind: 'MULTI_BUY', take: 3, pay: 2, bundle_price: 5 }, 422, 'INVALID_PROMOTION'],
    ['groups of a percentage', { kind: 'PERCENT', value: 5, take: 3, pay: 2 }, 422, 'INVALID_PROMOTION'],
    [
      'an end before the beginning',
      { kind: 'FIXED', value: 1, starts_at: '2026-03-02T00:00:00Z', ends_at: '2026-03-01T00:00:00Z' },
      422,
      'INVALID_PROMOTION',
    ],
    ['a branch that is not there', { kind: 'FIXED', value: 1, branch_ids: [999] }, 404, 'NOT_FOUND'],
    ['a category that is not there', { kind: 'FIXED', value: 1, category_ids: [999] }, 404, 'NOT_FOUND'],
    ['a product that is not there', { kind: 'FIXED', value: 1, product_ids: [999] }, 404, 'PRODUCT_NOT_FOUND'],
    ['an unknown kind', { kind: 'GIFT', value: 1 }, 400, 'VALIDATION_ERROR'],
    ['an unknown field', { kind: 'FIXED', value: 1, gift: true }, 400, 'VALIDATION_ERROR'],
    ['a day instead of an instant', { kind: 'FIXED', value: 1, starts_at: '2026-03-01' }, 400, 'VALIDATION_ERROR'],
    ['a limit of nothing', { kind: 'FIXED', value: 1, limit_total: 0 }, 400, 'VALIDATION_ERROR'],
    ['a code with spaces', { kind: 'COUPON_FIXED', value: 1, code: 'A B C' }, 400, 'VALIDATION_ERROR'],
  ])('is refused with %s', async (_, body, status, code) => {
    expect((await refused(body)).slice(0, 2)).toEqual([status, code]);
  });

  it('has a name and a code of its own, in whatever case', async () => {
    await floor.promote({ name: 'Spring sale', kind: 'COUPON_FIXED', value: 1, code: 'Spring' });
    expect((await refused({ name: ' SPRING  Sale', kind: 'FIXED', value: 1 }))[1]).toBe('PROMOTION_EXISTS');
    expect((await refused({ kind: 'COUPON_FIXED', value: 1, code: 'sPRING' }))[1]).toBe('COUPON_EXISTS');
  });

  it('that is changed into what does not fit its kind is refused and stays', async () => {
    const id = await floor.promote({ kind: 'PERCENT', value: 5, ends_at: '2090-01-01T00:00:00Z' });
    for (const body of [{ value: 101 }, { value: null }, { take: 2 }, { starts_at: '2091-01-01T00:00:00Z' }]) {
      expect((await floor.change(id, body)).status, JSON.stringify(body)).toBe(422);
    }
    expect((await floor.change(id, { kind: 'FIXED' })).status).toBe(400);
    expect((await floor.change(999_999, { value: 1 })).status).toBe(404);
    const toggled = await floor.shop.request('PATCH', '/admin/promotions/999999/toggle', { token: floor.manager });
    expect(toggled.status).toBe(404);
  });
});
