import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { confirm, newCustomer } from '../support/customer.ts';
import { type PromotingShop, promotingShop } from '../support/promotions.ts';
import { stockedProduct } from '../support/receipts.ts';

let floor: PromotingShop;
let [dear, middle, cheap, bottle]: number[] = [];
beforeAll(async () => {
  floor = await promotingShop();
  const { shop, goods } = floor;
  dear = await stockedProduct(shop, goods, { price: '10.00', categoryId: goods.categories.Milk });
  middle = await stockedProduct(shop, goods, { price: '8.00', categoryId: goods.categories.Dairy });
  cheap = await stockedProduct(shop, goods, { price: '6.00', categoryId: goods.categories.Bakery });
  bottle = await stockedProduct(shop, goods, { price: '5.00', deposit: '0.30' });
});
afterEach(() => floor.switchAllOff());

/** A cart, what its preview says for pickup and for delivery, and the order by pickup: they agree or this throws. */
async function bought(lines: [number, number][], { code }: { code?: string } = {}) {
  const { shop } = floor;
  const { customer, pickup } = await floor.withCart(lines);
  if (code) expect((await floor.enter(customer, code)).status).toBe(200);
  const cart = await floor.cartOf(customer);
  const preview = (await floor.preview(customer, pickup)).body.data;
  expect(preview.discounts).toEqual(cart.discounts);
  expect(preview.cart_total).toBe(cart.total_amount);
  const answer = await confirm(shop, customer, pickup);
  expect(answer.status, answer.text).toBe(201);
  expect(answer.body.data.total_paid).toBe(cart.total_amount);
  const order = await floor.orderOf({ customer, id: answer.body.data.order_id });
  expect(order.total_amount).toBe(cart.total_amount);
  expect(order.discounts).toEqual(cart.discounts);
  expect(order.items.map((item: any) => item.discount)).toEqual(cart.items.map((item: any) => item.discount));
  return { customer, cart, order, id: order.id as number };
}

const discountsOf = ({ cart }: Awaited<ReturnType<typeof bought>>) => cart.items.map((item: any) => item.discount);

describe('each kind', () => {
  it('PERCENT takes a percentage off each line, rounded half up, and nothing off a deposit', async () => {
    const id = await floor.promote({ name: 'A tenth off', kind: 'PERCENT', value: '12.50' });
    const sale = await bought([
      [dear!, 3],
      [bottle!, 1],
    ]);
    expect(discountsOf(sale)).toEqual(['3.75', '0.63']);
    expect(sale.cart).toMatchObject({
      total_amount: '30.92',
      deposit_total: '0.30',
      discounts: [{ promotion_id: id, name: 'A tenth off', amount: '4.38' }],
    });
    const receipt = await floor.receipt(sale);
    expect(receipt.total).toBe('30.92');
    expect(receipt.lines.map((line: any) => [line.discount, line.amount])).toEqual([
      ['3.75', '26.25'],
      ['0.63', '4.37'],
    ]);
  });

  it('FIXED takes an amount off each unit, never more than it costs', async () => {
    await floor.promote({ kind: 'FIXED', value: 7 });
    expect(
      discountsOf(
        await bought([
          [dear!, 2],
          [cheap!, 2],
        ]),
      ),
    ).toEqual(['14.00', '12.00']);
  });

  it('MEMBER_PRICE is the price of a tier, and of no other', async () => {
    await floor.promote({ kind: 'MEMBER_PRICE', value: '9.10', product_ids: [dear, cheap], tiers: ['GOLD'] });
    const customer = await newCustomer(floor.shop);
    await floor.withCart(
      [
        [dear!, 2],
        [cheap!, 1],
      ],
      customer,
    );
    expect((await floor.cartOf(customer)).total_amount).toBe('26.00');
    await floor.shop.sql(`update users set membership_tier = 'GOLD' where id = $1`, [customer.id]);
    const { items, total_amount } = await floor.cartOf(customer);
    expect(items.map((item: any) => item.discount)).toEqual(['1.80', '0.00']);
    expect(total_amount).toBe('24.20');
  });

  it('MULTI_BUY, three for two: the cheapest is free across products, a rest pays in full', async () => {
    await floor.promote({ kind: 'MULTI_BUY', take: 3, pay: 2, product_ids: [dear, middle, cheap] });
    expect(
      discountsOf(
        await bought([
          [dear!, 1],
          [middle!, 1],
          [cheap!, 1],
        ]),
      ),
    ).toEqual(['0.00', '0.00', '6.00']);
    expect(
      discountsOf(
        await bought([
          [cheap!, 2],
          [dear!, 2],
          [middle!, 1],
        ]),
      ),
    ).toEqual(['0.00', '0.00', '8.00']);
  });

  it('MULTI_BUY, two for an amount: what that saves is spread over the group', async () => {
    await floor.promote({ kind: 'MULTI_BUY', take: 2, bundle_price: '15.00', product_ids: [dear, middle] });
    expect(
      discountsOf(
        await bought([
          [dear!, 1],
          [middle!, 1],
        ]),
      ),
    ).toEqual(['1.67', '1.33']);
  });

  it('COUPON_PERCENT and COUPON_FIXED need their code, in whatever case, and sum exactly', async () => {
    await floor.promote({ kind: 'COUPON_FIXED', value: '10.00', code: 'Ten-Off' });
    await floor.promote({ kind: 'COUPON_PERCENT', value: '33.33', code: 'THIRD' });
    const lines: [number, number][] = [
      [dear!, 1],
      [middle!, 1],
      [cheap!, 1],
    ];
    expect(discountsOf(await bought(lines))).toEqual(['0.00', '0.00', '0.00']);
    expect(discountsOf(await bought(lines, { code: 'tEN-oFF' }))).toEqual(['4.17', '3.33', '2.50']);
    expect(discountsOf(await bought(lines, { code: 'THIRD' }))).toEqual(['3.33', '2.67', '2.00']);
  });

  it('FREE_DELIVERY waives the fee where there is one, and is no use of it where there is none', async () => {
    const id = await floor.promote({
      name: 'We bring it',
      kind: 'FREE_DELIVERY',
      minimum_total: '20.00',
      limit_total: 5,
    });
    const small = await floor.withCart([[dear!, 1]]);
    expect((await floor.preview(small.customer, small.delivered)).body.data).toMatchObject({
      delivery_fee: '30.00',
      total_amount: '40.00',
      discounts: [],
    });
    const { customer, delivered, pickup } = await floor.withCart([[dear!, 2]]);
    expect((await floor.preview(customer, pickup)).body.data).toMatchObject({ delivery_fee: null, discounts: [] });
    expect((await floor.preview(customer, delivered)).body.data).toMatchObject({
      cart_total: '20.00',
      delivery_fee: '0.00',
      total_amount: '20.00',
      discounts: [{ promotion_id: id, name: 'We bring it', amount: '30.00' }],
    });
    const { body } = await confirm(floor.shop, customer, delivered);
    expect(body.data.total_paid).toBe('20.00');
    const order = await floor.orderOf({ customer, id: body.data.order_id });
    expect(order).toMatchObject({ delivery_fee: '0.00', discounts: [{ promotion_id: id, amount: '30.00' }] });
    const big = await floor.withCart([[dear!, 15]]);
    expect((await floor.preview(big.customer, big.delivered)).body.data).toMatchObject({
      delivery_fee: '0.00',
      discounts: [],
    });
  });

  it('may take everything: an order of nothing is placed without a charge', async () => {
    await floor.promote({ kind: 'PERCENT', value: 100 });
    const sale = await bought([[dear!, 2]]);
    expect(sale.order.total_amount).toBe('0.00');
    expect(await floor.receipt(sale)).toMatchObject({ total: '0.00', paid: [] });
    const { status } = await floor.shop.request('POST', `/orders/${sale.id}/cancel`, { token: sale.customer.token });
    expect(status).toBe(200);
  });
});

describe('several at once', () => {
  it('stack by priority, each on what the earlier ones left; of a group the best alone', async () => {
    const second = await floor.promote({ kind: 'PERCENT', value: 10, priority: 1 });
    const first = await floor.promote({ kind: 'FIXED', value: 2, priority: 2 });
    await floor.promote({ kind: 'PERCENT', value: 5, group: 'Sale' });
    const best = await floor.promote({ kind: 'FIXED', value: 1, group: 'Sale' });
    const { cart } = await bought([[dear!, 1]]);
    expect(cart.discounts.map((one: any) => [one.promotion_id, one.amount])).toEqual([
      [first, '2.00'],
      [second, '0.80'],
      [best, '1.00'],
    ]);
    expect(cart.total_amount).toBe('6.20');
  });

  it('give the same in any order in which products are added', async () => {
    await floor.promote({ kind: 'MULTI_BUY', take: 2, bundle_price: '13.33', product_ids: [dear, middle, cheap] });
    await floor.promote({ kind: 'PERCENT', value: '7.77' });
    const lines: [number, number][] = [
      [dear!, 2],
      [middle!, 1],
      [cheap!, 3],
      [bottle!, 2],
    ];
    const byProduct = ({ cart }: Awaited<ReturnType<typeof bought>>) =>
      new Map(cart.items.map((item: any) => [item.product_id, item.discount]));
    expect(byProduct(await bought(lines.toReversed()))).toEqual(byProduct(await bought(lines)));
  });

  it('count for the free delivery and the minimum order with what is left after them', async () => {
    await floor.promote({ kind: 'PERCENT', value: 10 });
    const { customer, delivered } = await floor.withCart([[dear!, 16]]);
    expect((await floor.preview(customer, delivered)).body.data).toMatchObject({
      cart_total: '144.00',
      delivery_fee: '30.00',
      total_amount: '174.00',
    });
  });

  it.each(['first', 'last'])(
    'bring what a discount leaves too small for free: the free delivery made %s',
    async (at) => {
      const offers = [{ kind: 'FREE_DELIVERY' }, { kind: 'PERCENT', value: 10 }];
      for (const offer of at === 'first' ? offers : offers.toReversed()) await floor.promote(offer);
      const { customer, delivered } = await floor.withCart([[dear!, 16]]);
      expect((await floor.preview(customer, delivered)).body.data).toMatchObject({
        cart_total: '144.00',
        delivery_fee: '0.00',
        discounts: [{ amount: '16.00' }, { amount: '30.00' }],
      });
      expect((await confirm(floor.shop, customer, delivered)).body.data.total_paid).toBe('144.00');
    },
  );

  it('of a group with a free delivery take off most when the fee is known', async () => {
    const free = await floor.promote({ kind: 'FREE_DELIVERY', group: 'One of them', priority: 2 });
    const tenth = await floor.promote({ kind: 'PERCENT', value: 10, group: 'One of them', priority: 1 });
    const fixed = await floor.promote({ kind: 'FIXED', value: 1 });
    for (const [units, best, total] of [
      // A tenth of 90.00, or of 144.00, is less than the fee. 180.00 is enough for a delivery that is free anyway.
      [10, { promotion_id: free, amount: '30.00' }, '90.00'],
      [16, { promotion_id: free, amount: '30.00' }, '144.00'],
      [20, { promotion_id: tenth, amount: '18.00' }, '162.00'],
    ] as const) {
      const { customer, delivered } = await floor.withCart([[dear!, units]]);
      const { body } = await floor.preview(customer, delivered);
      expect(body.data).toMatchObject({ total_amount: total, discounts: [{ promotion_id: fixed }, best] });
    }
  });
});

describe('what a promotion is limited to', () => {
  it('is a branch, a product, a category with its subcategories, a period, a minimum', async () => {
    const { goods } = floor;
    await floor.promote({ kind: 'FIXED', value: 1, category_ids: [goods.categories.Dairy] });
    expect(
      discountsOf(
        await bought([
          [dear!, 1],
          [middle!, 1],
          [cheap!, 1],
        ]),
      ),
    ).toEqual(['1.00', '1.00', '0.00']);
    await floor.switchAllOff();
    await floor.promote({ kind: 'FIXED', value: 1, product_ids: [cheap], category_ids: [goods.categories.Milk] });
    expect(
      discountsOf(
        await bought([
          [dear!, 1],
          [middle!, 1],
          [cheap!, 1],
        ]),
      ),
    ).toEqual(['1.00', '0.00', '1.00']);
    await floor.switchAllOff();
    await floor.promote({ kind: 'FIXED', value: 1, starts_at: '2090-01-01T00:00:00Z' });
    await floor.promote({ kind: 'FIXED', value: 1, ends_at: '2020-01-01T00:00:00+02:00' });
    await floor.promote({ kind: 'FIXED', value: 1, minimum_total: '10.01' });
    expect(discountsOf(await bought([[dear!, 1]]))).toEqual(['0.00']);
    await floor.promote({
      kind: 'FIXED',
      value: 1,
      minimum_total: '10.00',
      ends_at: '2090-01-01T00:00:00Z',
      product_ids: [],
    });
    expect(discountsOf(await bought([[dear!, 1]]))).toEqual(['1.00']);
  });

  it('is a branch: the one that fulfils', async () => {
    const { goods } = floor;
    await floor.promote({ kind: 'FIXED', value: 1, branch_ids: [goods.storeId] });
    const { customer, pickup, delivered } = await floor.withCart([[dear!, 1]]);
    expect((await floor.cartOf(customer)).discounts).toEqual([]);
    expect((await floor.preview(customer, delivered)).body.data.discounts).toEqual([]);
    expect((await floor.preview(customer, pickup)).body.data.cart_total).toBe('9.00');
  });
});

describe('a coupon', () => {
  const refusal = async (code: string, lines: [number, number][] = [[dear!, 1]]) => {
    const { customer } = await floor.withCart(lines);
    const { status, body } = await floor.enter(customer, code);
    expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
    expect((await floor.cartOf(customer)).coupon).toBeNull();
    return [status, body.error.code, body.error.details.reason];
  };

  it('that does not exist or is switched off is not found', async () => {
    const id = await floor.promote({ kind: 'COUPON_FIXED', value: 1, code: 'OFF' });
    await floor.shop.request('PATCH', `/admin/promotions/${id}/toggle`, {
      token: floor.manager,
      query: { active: false },
    });
    expect(await refusal('OFF')).toEqual([404, 'COUPON_NOT_FOUND', undefined]);
    expect(await refusal('NEVER-MADE')).toEqual([404, 'COUPON_NOT_FOUND', undefined]);
    expect(await refusal('no spaces')).toEqual([400, 'VALIDATION_ERROR', undefined]);
  });

  it('that takes nothing off is refused with the reason', async () => {
    const coupon = (code: string, terms: Record<string, unknown>) =>
      floor.promote({ kind: 'COUPON_FIXED', value: 1, code, ...terms });
    await coupon('EARLY', { starts_at: '2090-01-01T00:00:00Z' });
    await coupon('LATE', { ends_at: '2020-01-01T00:00:00Z' });
    await coupon('GOLDEN', { tiers: ['GOLD'] });
    await coupon('BREAD', { product_ids: [cheap] });
    await coupon('MUCH', { minimum_total: '10.01' });
    await coupon('WEAK', { group: 'one' });
    await coupon('ELSEWHERE', { branch_ids: [floor.goods.storeId] });
    await floor.promote({ kind: 'FIXED', value: 2, group: 'one' });
    for (const [code, reason] of Object.entries({
      EARLY: 'NOT_STARTED',
      LATE: 'ENDED',
      GOLDEN: 'NOT_FOR_TIER',
      BREAD: 'NOT_FOR_PRODUCTS',
      MUCH: 'BELOW_MINIMUM',
      WEAK: 'NOT_BEST',
    })) {
      expect(await refusal(code), code).toEqual([422, 'COUPON_NOT_APPLICABLE', reason]);
    }
    const { customer } = await floor.withCart([[dear!, 1]]);
    expect((await floor.enter(customer, 'ELSEWHERE')).body.data.coupon).toMatchObject({
      is_applied: false,
      reason: 'NOT_FOR_BRANCH',
    });
  });

  it('is one a cart, ends the hold, and stays until it is removed', async () => {
    await floor.promote({ name: 'First', kind: 'COUPON_FIXED', value: 1, code: 'FIRST' });
    await floor.promote({ name: 'Second', kind: 'COUPON_FIXED', value: 2, code: 'SECOND', minimum_total: '20.00' });
    const { customer, pickup } = await floor.withCart([[dear!, 2]]);
    await floor.enter(customer, 'FIRST');
    expect((await floor.preview(customer, pickup)).body.data.reserved_until).not.toBeNull();
    const { body } = await floor.enter(customer, 'second');
    expect(body.data).toMatchObject({ total_amount: '18.00', reserved_until: null });
    expect(body.data.coupon).toMatchObject({ code: 'SECOND', name: 'Second', is_applied: true, reason: null });
    const item = body.data.items[0].id;
    const fewer = await floor.shop.request('PUT', `/cart/items/${item}`, {
      token: customer.token,
      body: { quantity: 1 },
    });
    expect(fewer.body.data).toMatchObject({ total_amount: '10.00', discounts: [] });
    expect(fewer.body.data.coupon).toMatchObject({
      is_applied: false,
      reason: 'BELOW_MINIMUM',
      minimum_total: '20.00',
    });
    const { body: without } = await floor.shop.request('DELETE', '/cart/coupon', { token: customer.token });
    expect(without.data).toMatchObject({ coupon: null, total_amount: '10.00' });
    expect((await floor.shop.request('DELETE', '/cart/coupon', { token: customer.token })).status).toBe(200);
  });

  it('for free delivery is kept by the cart, which does not know the fee yet', async () => {
    await floor.promote({ kind: 'FREE_DELIVERY', code: 'BRING-IT' });
    const { customer, delivered } = await floor.withCart([[dear!, 1]]);
    const { body } = await floor.enter(customer, 'BRING-IT');
    expect(body.data).toMatchObject({ total_amount: '10.00', discounts: [], coupon: { is_applied: true } });
    expect((await floor.preview(customer, delivered)).body.data).toMatchObject({
      delivery_fee: '0.00',
      total_amount: '10.00',
    });
  });

  it('is not seen by anybody else, nor by the next cart', async () => {
    await floor.promote({ kind: 'COUPON_FIXED', value: 1, code: 'MINE' });
    const { customer } = await bought([[dear!, 1]], { code: 'MINE' });
    expect((await floor.cartOf(customer)).coupon).toBeNull();
    expect((await floor.shop.request('GET', `/catalog/products/${dear}`)).body.data.promotions).toEqual([]);
  });
});

describe('a total that was shown', () => {
  it('is asked about again when a promotion begins or ends before the confirm', async () => {
    const { customer, pickup } = await floor.withCart([[dear!, 1]]);
    await floor.preview(customer, pickup);
    const id = await floor.promote({ kind: 'PERCENT', value: 50 });
    const { body } = await confirm(floor.shop, customer, pickup);
    expect(body.error).toMatchObject({ code: 'PRICE_CHANGED', details: { previous_total: '10.00', total: '5.00' } });
    await floor.preview(customer, pickup);
    await floor.change(id, { is_active: false });
    expect((await confirm(floor.shop, customer, pickup)).body.error.code).toBe('PRICE_CHANGED');
    await floor.preview(customer, pickup);
    expect((await confirm(floor.shop, customer, pickup)).status).toBe(201);
  });
});

describe('products', () => {
  it('show the running promotions that cover them, and are found by one', async () => {
    const { shop, goods } = floor;
    const all = await floor.promote({ kind: 'PERCENT', value: 5 });
    const some = await floor.promote({
      name: 'Milk week',
      kind: 'MULTI_BUY',
      take: 3,
      pay: 2,
      category_ids: [goods.categories.Milk],
      priority: 1,
    });
    await floor.promote({ kind: 'FIXED', value: 1, branch_ids: [goods.warehouseId], product_ids: [cheap] });
    await floor.promote({ kind: 'PERCENT', value: 5, starts_at: '2090-01-01T00:00:00Z' });
    await floor.promote({ kind: 'FREE_DELIVERY' });
    const promotionsOf = async (id: number, query = {}) =>
      (await shop.request('GET', `/catalog/products/${id}`, { query })).body.data.promotions;
    const ofMilk = await promotionsOf(dear!);
    expect(ofMilk.map((one: any) => one.id)).toEqual([some, all]);
    expect(ofMilk[0]).toMatchObject({
      name: 'Milk week',
      kind: 'MULTI_BUY',
      take: 3,
      pay: 2,
      value: null,
      ends_at: null,
    });
    expect(await promotionsOf(cheap!)).toHaveLength(2);
    expect(await promotionsOf(cheap!, { branch_id: goods.storeId })).toHaveLength(1);

    const found = await shop.request('GET', '/catalog/products', { query: { promotion_id: some, limit: 100 } });
    const inMilk = await shop.request('GET', `/catalog/categories/${goods.categories.Milk}/products`, {
      query: { limit: 100 },
    });
    expect(found.body.data.map((one: any) => one.id).sort()).toEqual(inMilk.body.data.map((one: any) => one.id).sort());
    expect(found.body.meta.total).toBe(inMilk.body.meta.total);
    const searched = await shop.request('GET', '/catalog/products', {
      query: { promotionId: some, q: 'organic milk', sort: 'price' },
    });
    expect(searched.body.data.map((one: any) => one.name)).toEqual(['Organic milk 1%']);
    const none = await shop.request('GET', '/catalog/products', { query: { promotion_id: 999_999 } });
    expect(none.body).toMatchObject({ data: [], meta: { total: 0 } });
  });
});
