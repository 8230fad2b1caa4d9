import { beforeAll, describe, expect, it } from 'vitest';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { addToCart, type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { onHand } from '../support/orders.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
let employee: string;
/** 6.50 each. */
let milk: number;

beforeAll(async () => {
  shop = await openShop();
  floor = await authorizingShop(shop);
  await shop.sql(`update settings set payment_mode = 'CHARGE'`);
  employee = (await signInAs(shop, 'EMPLOYEE')).token;
  milk = await stocked({ name: 'Milk', price: '6.50' }, 5000);
});

async function stocked(options: Parameters<typeof makeProduct>[1], units = 10): Promise<number> {
  const productId = await makeProduct(shop, options);
  await makeStock(shop, { productId, branchId: floor.goods.warehouseId, onHand: units });
  return productId;
}

interface Ordered {
  id: number;
  customer: Customer;
  itemId: number;
}

/** An order of two of a product, with this policy. */
async function ordered(substitution?: object, productId = milk): Promise<Ordered> {
  const customer = await newCustomer(shop);
  const cart = (await addToCart(shop, customer, productId, 2)).body.data;
  if (substitution) {
    const path = `/cart/items/${cart.items[0].id}`;
    const { status, text } = await shop.request('PUT', path, {
      token: customer.token,
      body: { quantity: 2, substitution },
    });
    if (status !== 200) throw new Error(text);
  }
  const { body, text, status } = await confirm(shop, customer, delivery(cart.id, floor.slotId));
  if (status !== 201) throw new Error(text);
  const order = await floor.orderOf(customer, body.data.order_id);
  return { id: order.id, customer, itemId: order.items[0].id };
}

/** An order of one of each of two products, for which staff ask. */
async function twoLines(one: number, other: number) {
  const customer = await newCustomer(shop);
  await shop.request('PATCH', '/me', { token: customer.token, body: { substitution_policy: 'ASK' } });
  const cartId = await fillCart(shop, customer, [
    [one, 1],
    [other, 1],
  ]);
  const { body } = await confirm(shop, customer, delivery(cartId, floor.slotId));
  const { id, items } = await floor.orderOf(customer, body.data.order_id);
  return { id: id as number, customer, items, itemId: items[0].id as number };
}

const item = async ({ customer, id }: Ordered) => (await floor.orderOf(customer, id)).items[0];
const pick = (order: Ordered, body: object) =>
  shop.request('PATCH', `/ops/orders/${order.id}/items/${order.itemId}/picked-status`, { token: employee, body });
const replace = (order: Ordered, productId: number) =>
  pick(order, { picked_status: 'REPLACED', replacement_product_id: productId });
const propose = (order: Ordered, product_id: number, quantity?: number) =>
  shop.request('POST', `/ops/orders/${order.id}/items/${order.itemId}/proposals`, {
    token: employee,
    body: { product_id, quantity },
  });
const answer = (order: Ordered, pid: number, verb: string): Promise<ShopResponse> =>
  shop.request('POST', `/orders/${order.id}/proposals/${pid}/${verb}`, { token: order.customer.token });
const lapse = (pid: number) =>
  shop.sql(
    `with proposal as (update substitution_proposals set expires_at = now() where id = $1 returning order_id, product_id)
     update hold_lines h set expires_at = now() from proposal p join orders o on o.id = p.order_id
     where h.cart_id = o.cart_id`,
    [pid],
  );
const code = ({ status, body }: ShopResponse) => (status < 300 ? status : body.error.code);
const shelf = (productId: number) => onHand(shop, floor.goods.warehouseId, productId);

describe('what a customer takes instead', () => {
  it('is the choice of the shop unless said otherwise, for a line or for all', async () => {
    expect(await item(await ordered())).toMatchObject({ substitution: { policy: 'STORE_CHOICE', product_ids: [] } });
    const customer = await newCustomer(shop);
    const me = { token: customer.token, body: { substitution_policy: 'NONE' } };
    expect((await shop.request('PATCH', '/me', me)).body.data).toMatchObject({ substitution_policy: 'NONE' });
    const cart = (await addToCart(shop, customer, milk, 1)).body.data;
    expect(cart.items[0].substitution).toEqual({ policy: 'NONE', product_ids: [] });
  });

  it('can be changed until the line is picked, and decides what staff may give', async () => {
    const [oat, goat] = [await stocked({ price: '5.00' }), await stocked({ price: '5.00' })];
    const order = await ordered({ policy: 'NONE' });
    const choose = (body: object) =>
      shop.request('PATCH', `/orders/${order.id}/items/${order.itemId}/substitution`, {
        token: order.customer.token,
        body,
      });
    expect(code(await replace(order, oat))).toBe('SUBSTITUTION_REFUSED');
    expect(code(await propose(order, oat))).toBe('SUBSTITUTION_REFUSED');
    expect(code(await choose({ policy: 'ASK' }))).toBe(200);
    expect(code(await replace(order, oat))).toBe('APPROVAL_REQUIRED');
    const chosen = await choose({ policy: 'SPECIFIC', product_ids: [oat] });
    expect(chosen.body.data.items[0].substitution).toEqual({ policy: 'SPECIFIC', product_ids: [oat] });
    expect(code(await replace(order, goat))).toBe('NOT_IN_CHOICE');
    expect(code(await replace(order, oat))).toBe(200);
    expect(code(await choose({ policy: 'ASK' }))).toBe('INVALID_STATUS');
  });

  it('must be a clear choice of products that exist', async () => {
    const order = await ordered();
    const choose = (body: object) =>
      shop.request('PATCH', `/orders/${order.id}/items/${order.itemId}/substitution`, {
        token: order.customer.token,
        body,
      });
    const bad = [{}, { policy: 'ANY' }, { policy: 'SPECIFIC' }, { policy: 'SPECIFIC', product_ids: [] }];
    const worse = [
      { policy: 'ASK', product_ids: [milk] },
      { policy: 'SPECIFIC', product_ids: [1, 1] },
    ];
    const many = { policy: 'SPECIFIC', product_ids: [1, 2, 3, 4, 5, 6] };
    for (const body of [...bad, ...worse, many]) expect((await choose(body)).status, JSON.stringify(body)).toBe(400);
    expect(code(await choose({ policy: 'SPECIFIC', product_ids: [2_000_000] }))).toBe('PRODUCT_NOT_FOUND');
    expect(code(await choose({ policy: 'SPECIFIC', product_ids: [milk] }))).toBe('UNPROCESSABLE');
  });
});

describe('a proposal', () => {
  it('holds its stock, tells the customer, and makes the line REPLACED when approved', async () => {
    const oat = await stocked({ name: 'Oat milk', price: '9.00' }, 2);
    const order = await ordered({ policy: 'ASK' });
    const proposed = await propose(order, oat);
    expect([proposed.status, proposed.trips]).toEqual([201, 1]);
    expect(proposed.body.data).toMatchObject({
      status: 'OPEN',
      quantity: 2,
      unit_price: '6.50',
      product_name: 'Oat milk',
    });
    const minutes = (Date.parse(proposed.body.data.expires_at) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(4);
    expect(minutes).toBeLessThanOrEqual(5.1);
    const product = await shop.request('GET', `/catalog/products/${oat}`);
    expect([product.body.data.available_quantity, await shelf(oat)]).toEqual([0, 2]);
    const told = await shop.request('GET', '/store/notifications', { token: order.customer.token });
    expect(told.body.data.items[0]).toMatchObject({ type: 'PROPOSAL', title: 'Your answer, please' });
    expect(code(await propose(order, oat))).toBe('PROPOSAL_PENDING');
    expect(code(await floor.move(order.id, 'READY'))).toBe('PROPOSAL_PENDING');
    const pid = proposed.body.data.id;
    const approved = await answer(order, pid, 'approve');
    expect([approved.status, approved.trips, approved.body.data.status]).toEqual([200, 1, 'APPROVED']);
    expect(code(await answer(order, pid, 'approve'))).toBe(200);
    expect(code(await answer(order, pid, 'reject'))).toBe('PROPOSAL_CLOSED');
    expect(await item(order)).toMatchObject({ picked_status: 'REPLACED', replacement_product_id: oat });
    expect(await shelf(oat)).toBe(0);
    expect((await floor.move(order.id, 'READY')).body.data).toMatchObject({ refunded_amount: '0.00' });
  });

  it('may be for fewer units: the rest is short, and the customer pays what was shown', async () => {
    const oat = await stocked({ price: '5.00' }, 2);
    const order = await ordered({ policy: 'ASK' });
    const pid = (await propose(order, oat, 1)).body.data.id;
    await shop.sql(`update products set price = 6 where id = $1`, [oat]);
    await answer(order, pid, 'approve');
    expect(await item(order)).toMatchObject({ picked_quantity: 1, quantity: 2, final_amount: '5.00' });
    expect(await shelf(oat)).toBe(1);
    expect((await floor.move(order.id, 'READY')).body.data).toMatchObject({ refunded_amount: '8.00' });
  });

  it('leaves the line missing, and its stock free, when it is rejected', async () => {
    const oat = await stocked({}, 2);
    const order = await ordered({ policy: 'ASK' });
    const pid = (await propose(order, oat)).body.data.id;
    expect(code(await answer(order, pid, 'reject'))).toBe(200);
    expect(code(await answer(order, pid, 'reject'))).toBe(200);
    expect(code(await answer(order, pid, 'approve'))).toBe('PROPOSAL_CLOSED');
    expect(await item(order)).toMatchObject({ picked_status: 'MISSING', final_amount: '0.00' });
    expect((await shop.request('GET', `/catalog/products/${oat}`)).body.data.available_quantity).toBe(2);
    expect(code(await propose(order, oat))).toBe(201);
  });

  it('lapses at its deadline for everybody at once, before any job has run', async () => {
    const oat = await stocked({}, 2);
    const order = await ordered({ policy: 'ASK' });
    const pid = (await propose(order, oat)).body.data.id;
    await lapse(pid);
    expect((await shop.request('GET', `/catalog/products/${oat}`)).body.data.available_quantity).toBe(2);
    expect(code(await answer(order, pid, 'approve'))).toBe('PROPOSAL_CLOSED');
    expect(await item(order)).toMatchObject({ picked_status: 'MISSING' });
    const listed = await shop.request('GET', `/orders/${order.id}/proposals`, { token: order.customer.token });
    expect(listed.body.data).toMatchObject([{ id: pid, status: 'LAPSED' }]);
  });

  it('frees what it held when it lapses, though another line of the order has one of the same product', async () => {
    const oat = await stocked({}, 2);
    const order = await twoLines(await stocked({}), milk);
    const pid = (await propose(order, oat)).body.data.id;
    expect(code(await propose({ ...order, itemId: order.items[1].id }, oat))).toBe(201);
    const free = async () => (await shop.request('GET', `/catalog/products/${oat}`)).body.data.available_quantity;
    expect(await free()).toBe(0);
    await shop.sql('update substitution_proposals set expires_at = now() where id = $1', [pid]);
    await floor.runJobs();
    expect(await free()).toBe(1);
  });

  it('that has lapsed does not keep its batch from being completed', async () => {
    const order = await ordered({ policy: 'ASK' });
    const { id: pid } = (await propose(order, await stocked({}))).body.data;
    const opened = await shop.request('POST', '/ops/batches', { token: employee, body: { order_ids: [order.id] } });
    const complete = () => shop.request('POST', `/ops/batches/${opened.body.data.id}/complete`, { token: employee });
    expect(code(await complete())).toBe('BATCH_NOT_SETTLED');
    await lapse(pid);
    const done = await complete();
    expect([code(done), done.trips]).toEqual([200, 1]);
    expect(await item(order)).toMatchObject({ picked_status: 'MISSING' });
  });

  it('is written down as lapsed by the job, if nobody asks', async () => {
    const order = await ordered({ policy: 'ASK' });
    const pid = (await propose(order, await stocked({}))).body.data.id;
    await lapse(pid);
    await floor.runJobs();
    const [row] = await shop.sql('select status from substitution_proposals where id = $1', [pid]);
    expect(row).toEqual({ status: 'LAPSED' });
  });

  it('ends before the window begins', async () => {
    const order = await ordered({ policy: 'ASK' });
    await shop.sql(`update orders set window_start = now() + interval '2 minutes' where id = $1`, [order.id]);
    const { body } = await propose(order, await stocked({}));
    expect(Date.parse(body.data.expires_at)).toBeLessThan(Date.now() + 2.1 * 60_000);
    const late = await ordered({ policy: 'ASK' });
    await shop.sql(`update orders set window_start = now() where id = $1`, [late.id]);
    expect(code(await propose(late, await stocked({})))).toBe('PROPOSAL_CLOSED');
  });

  it('is withdrawn when staff find the product after all, or the order is canceled', async () => {
    for (const end of [
      (order: Ordered) => pick(order, { picked_status: 'PICKED' }),
      (order: Ordered) => floor.move(order.id, 'CANCELED'),
    ]) {
      const oat = await stocked({}, 2);
      const order = await ordered({ policy: 'ASK' });
      const pid = (await propose(order, oat)).body.data.id;
      expect(code(await end(order))).toBe(200);
      expect(code(await answer(order, pid, 'approve'))).toBe('PROPOSAL_CLOSED');
      expect((await shop.request('GET', `/catalog/products/${oat}`)).body.data.available_quantity).toBe(2);
    }
  });

  it.each(['MISSING', 'DELAYED'])('can be answered while the order is %s, which it stays', async (status) => {
    const [oat, other] = [await stocked({ price: '5.00' }, 2), await stocked({})];
    const order = await twoLines(other, milk);
    const [first, second] = order.items;
    const pid = (await propose(order, oat)).body.data.id;
    const missing = { picked_status: 'MISSING' };
    expect(code(await pick({ ...order, itemId: second.id }, missing))).toBe(200);
    expect(code(await floor.move(order.id, status))).toBe(200);
    const choice = { token: order.customer.token, body: { policy: 'STORE_CHOICE' } };
    const path = `/orders/${order.id}/items/${first.id}/substitution`;
    expect(code(await shop.request('PATCH', path, choice))).toBe(200);
    expect(code(await answer(order, pid, 'approve'))).toBe(200);
    expect(code(await answer(order, pid, 'approve'))).toBe(200);
    expect(code(await answer(order, pid, 'reject'))).toBe('PROPOSAL_CLOSED');
    const { items, ...now } = await floor.orderOf(order.customer, order.id);
    expect([now.status, items[0].picked_status]).toEqual([status, 'REPLACED']);
    expect(code(await replace(order, oat))).toBe('INVALID_STATUS');
    expect(code(await shop.request('PATCH', path, choice))).toBe('INVALID_STATUS');
  });

  it('is for its own customer, with stock that nobody holds, of a product on sale', async () => {
    const order = await ordered({ policy: 'ASK' });
    const oat = await stocked({}, 1);
    expect(code(await propose(order, oat))).toBe('INSUFFICIENT_STOCK');
    expect(code(await propose(order, milk))).toBe('UNPROCESSABLE');
    expect(code(await propose(order, 2_000_000))).toBe('PRODUCT_NOT_FOUND');
    expect(code(await propose(order, await stocked({ isActive: false })))).toBe('PRODUCT_INACTIVE');
    expect(code(await propose(order, oat, 3))).toBe('QUANTITY_TOO_LARGE');
    for (const quantity of [0, -1, 1.5, 1e9]) expect((await propose(order, oat, quantity)).status).toBe(400);
    const pid = (await propose(order, oat, 1)).body.data.id;
    expect((await answer({ ...order, customer: await newCustomer(shop) }, pid, 'approve')).status).toBe(404);
  });

  it('can be weighed after it was approved', async () => {
    const brie = await stocked({ pricePerKg: '40.00', nominalGrams: 200 });
    const order = await ordered({ policy: 'ASK' });
    await answer(order, (await propose(order, brie, 1)).body.data.id, 'approve');
    expect(code(await floor.move(order.id, 'READY'))).toBe('WEIGHT_REQUIRED');
    const swap = { picked_status: 'REPLACED', replacement_product_id: brie };
    expect(code(await pick(order, { ...swap, picked_quantity: 2 }))).toBe('QUANTITY_TOO_LARGE');
    expect(code(await pick(order, { ...swap, picked_grams: 190 }))).toBe(200);
    expect(await item(order)).toMatchObject({ picked_quantity: 1, final_amount: '6.50' });
  });

  it('keeps the price that was approved when it is weighed, or recorded again, after the product got dearer', async () => {
    const original = await stocked({ price: '12.00' });
    const brie = await stocked({ pricePerKg: '40.00', nominalGrams: 200 });
    const order = await ordered({ policy: 'ASK' }, original);
    const proposed = await propose(order, brie, 1);
    expect(proposed.body.data.unit_price).toBe('8.00');
    await answer(order, proposed.body.data.id, 'approve');
    await shop.sql('update products set price = 10, price_per_kg = 50 where id = $1', [brie]);
    const weighed = { picked_status: 'REPLACED', replacement_product_id: brie, picked_grams: 200 };
    for (const picked_status of ['REPLACED', 'MISSING', 'REPLACED']) {
      const body = picked_status === 'REPLACED' ? weighed : { picked_status };
      expect(code(await pick(order, body))).toBe(200);
    }
    expect(await item(order)).toMatchObject({ replacement_unit_price: '8.00', final_amount: '8.00' });
  });
});

describe('suggestions', () => {
  it('are in stock at the branch, the chosen first, then by category and price', async () => {
    const { Dairy, Milk } = floor.goods.categories;
    const original = await stocked({ price: '10.00', categoryId: Milk });
    const near = await stocked({ price: '10.10', categoryId: Milk });
    const far = await stocked({ price: '30.00', categoryId: Milk });
    const parent = await stocked({ price: '10.00', categoryId: Dairy });
    const gone = await stocked({ price: '10.00', categoryId: Milk }, 0);
    const other = await stocked({ price: '10.00', categoryId: floor.goods.categories.Bakery });
    const order = await ordered({ policy: 'SPECIFIC', product_ids: [other] }, original);
    const path = `/ops/orders/${order.id}/items/${order.itemId}/suggestions`;
    const { body, trips } = await shop.request('GET', path, { token: employee });
    expect(trips).toBe(1);
    const ids = body.data.map((product: any) => product.product_id);
    expect(ids.length).toBeLessThanOrEqual(10);
    expect([ids[0], body.data[0].is_chosen]).toEqual([other, true]);
    expect(ids.indexOf(near)).toBe(1);
    expect(ids.indexOf(far)).toBeGreaterThan(ids.indexOf(near));
    expect(ids.indexOf(parent)).toBeGreaterThan(ids.indexOf(far));
    expect(ids).not.toContain(gone);
    expect(ids).not.toContain(original);
  });

  it('bring no allergen that the original lacks, keep what is kosher, and are for no age that was not asked', async () => {
    const { Milk } = floor.goods.categories;
    const labelled = async (allergens: string, mayContain: string, dietary: string, age: number | null = null) => {
      const id = await stocked({ price: '10.00', categoryId: Milk });
      await shop.sql(
        'update products set allergens = $2::text[], may_contain = $3::text[], dietary = $4::text[], age_restricted = $5 where id = $1',
        [id, allergens, mayContain, dietary, age],
      );
      return id;
    };
    const original = await labelled('{milk}', '{nuts}', '{kosher-dairy,vegetarian}');
    const same = await labelled('{milk}', '{nuts}', '{kosher-dairy,vegetarian}');
    const parve = await labelled('{}', '{milk}', '{parve,vegan}');
    const others = [
      await labelled('{milk,soybeans}', '{}', '{kosher-dairy}'),
      await labelled('{milk,nuts}', '{}', '{kosher-dairy}'),
      await labelled('{milk}', '{sesame}', '{kosher-dairy}'),
      await labelled('{milk}', '{}', '{vegetarian}'),
      await labelled('{milk}', '{}', '{kosher-dairy}', 18),
    ];
    const order = await ordered({ policy: 'SPECIFIC', product_ids: [parve, ...others.slice(0, 4)] }, original);
    const { body } = await shop.request('GET', `/ops/orders/${order.id}/items/${order.itemId}/suggestions`, {
      token: employee,
    });
    const ids = body.data.map((product: any) => product.product_id);
    expect(ids[0]).toBe(parve);
    expect(ids).toContain(same);
    expect(ids.filter((id: number) => others.includes(id))).toEqual([]);
  });
});

describe('races', () => {
  it('of an approval with the deadline end in one of the two, 50 times', async () => {
    const oat = await stocked({ price: '5.00' }, 1000);
    const outcomes = new Set<string>();
    for (let round = 0; round < 50; round++) {
      const order = await ordered({ policy: 'ASK' });
      const before = await shelf(oat);
      const pid = (await propose(order, oat)).body.data.id;
      await shop.sql(
        `update substitution_proposals set expires_at = clock_timestamp() + interval '${5 + (round % 10) * 4} ms' where id = $1`,
        [pid],
      );
      const [approved] = await Promise.all([
        answer(order, pid, 'approve'),
        floor.orderOf(order.customer, order.id),
        answer(order, pid, 'approve'),
      ]);
      const line = await item(order);
      const [{ status }] = (await shop.sql('select status from substitution_proposals where id = $1', [pid])) as any;
      expect([approved.status < 300, line.picked_status, before - (await shelf(oat))]).toEqual(
        status === 'APPROVED' ? [true, 'REPLACED', 2] : [false, line.picked_status, 0],
      );
      outcomes.add(status);
    }
    await expectInvariants(shop);
  });

  it('of an approval with a rejection end in one of the two, 50 times', async () => {
    const oat = await stocked({ price: '5.00' }, 1000);
    for (let round = 0; round < 50; round++) {
      const order = await ordered({ policy: 'ASK' });
      const pid = (await propose(order, oat)).body.data.id;
      const verbs = round % 2 ? ['approve', 'reject'] : ['reject', 'approve'];
      const answers = await Promise.all(verbs.map((verb) => answer(order, pid, verb)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const won = verbs[answers.findIndex(({ status }) => status === 200)];
      expect((await item(order)).picked_status).toBe(won === 'approve' ? 'REPLACED' : 'MISSING');
    }
    await expectInvariants(shop);
  });

  it('of a proposal and a checkout for the last unit give it to one of them, 50 times', async () => {
    for (let round = 0; round < 50; round++) {
      const last = await stocked({ price: '5.00' }, 1);
      const order = await ordered({ policy: 'ASK' });
      const shopper = await newCustomer(shop);
      const cartId = await fillCart(shop, shopper, [[last, 1]]);
      const both = [() => propose(order, last, 1), () => confirm(shop, shopper, delivery(cartId, floor.slotId))];
      if (round % 2) both.reverse();
      const answers = await Promise.all(both.map((one) => one()));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(await shelf(last)).toBeGreaterThanOrEqual(0);
    }
    await expectInvariants(shop);
  });
});
