import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { amending } from '../support/amendments.ts';
import { brevoAccount } from '../support/brevo-account.ts';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { signInAs } from '../support/factories.ts';
import { connect, ticketFor, Watcher } from '../support/live.ts';
import { deliveredOrder, placeOrder } from '../support/orders.ts';
import { decideClaim, fileClaim } from '../support/paying-back.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const MILK = 'Fresh milk 3%';
const HEBREW_MILK = 'חלב טרי 3%';
const OAT = 'Oat drink';
const HEBREW_OAT = 'משקה שיבולת שועל';
const BREAD = 'Sourdough bread';
const HEBREW = { 'Accept-Language': 'he-IL,he;q=0.9,en;q=0.8' };

const brevo = brevoAccount();
let shop: Shop;
let goods: StandardShop;
let manager: string;
let employee: string;
let customer: Customer;
let [milk, oat, bread] = [0, 0, 0];
let slotId: number;

async function call(token: string | undefined, method: string, path: string, options: object = {}) {
  const response = await shop.request(method, path, { token, ...options });
  if (response.status >= 300) throw new Error(`${method} ${path}: ${response.text}`);
  return response;
}
const inHebrew = async (token: string, method: string, path: string, options: object = {}) =>
  (await call(token, method, path, { headers: HEBREW, ...options })).body.data;
const change = (productId: number, body: object) => call(manager, 'PATCH', `/admin/products/${productId}`, { body });

beforeAll(async () => {
  shop = await openShop({ env: brevo.env });
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
  await shop.sql(`update settings set proposal_minutes = 30`);
  [milk, oat, bread] = [goods.products[0]!.id, goods.products[2]!.id, goods.products[5]!.id];
  [{ token: manager }, { token: employee }] = [await signInAs(shop, 'MANAGER'), await signInAs(shop, 'EMPLOYEE')];
  const { token: admin } = await signInAs(shop, 'ADMIN');
  const body = { translations: { he: { name: 'המרכז' } } };
  await call(admin, 'PATCH', `/admin/branches/${goods.storeId}`, { body });
});

/** Milk and oat drink have Hebrew names, bread has none, nothing has a Russian one. */
beforeEach(async () => {
  customer = await newCustomer(shop);
  await change(milk, { name: MILK, translations: { he: { name: HEBREW_MILK, description: 'מלא' } } });
  await change(oat, { name: OAT, translations: { he: { name: HEBREW_OAT } } });
});

/** A delivery of two of milk and one bread. */
async function ordered(): Promise<number> {
  const cartId = await fillCart(shop, customer, [
    [milk, 2],
    [bread, 1],
  ]);
  const { body, text, status } = await confirm(shop, customer, delivery(cartId, slotId));
  if (status !== 201) throw new Error(text);
  return body.data.order_id;
}
const names = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name);
const orderIn = async (id: number, lang: string) =>
  (await call(customer.token, 'GET', `/orders/${id}`, { query: { lang } })).body.data;

describe('the lines of an order', () => {
  it('are called as the customer asks, in one trip, and as recorded where there is no translation', async () => {
    const id = await ordered();
    const hebrew = await call(customer.token, 'GET', `/orders/${id}`, { headers: HEBREW });
    expect(names(hebrew.body.data)).toEqual([HEBREW_MILK, BREAD]);
    expect(hebrew.trips).toBe(1);
    expect(hebrew.headers.get('vary')).toContain('Accept-Language');
    expect(hebrew.headers.get('cache-control')).toBe('no-store');
    expect(names(await orderIn(id, 'ru'))).toEqual([MILK, BREAD]);
    const both = await call(customer.token, 'GET', `/orders/${id}`, { headers: HEBREW, query: { lang: 'ru' } });
    expect(names(both.body.data)).toEqual([MILK, BREAD]);
    const [listed] = await inHebrew(customer.token, 'GET', '/orders');
    expect(listed).toEqual(hebrew.body.data);
  });

  it('are as recorded without a language, and in nothing else different with one', async () => {
    const id = await ordered();
    const plain = await call(customer.token, 'GET', `/orders/${id}`);
    expect(names(plain.body.data)).toEqual([MILK, BREAD]);
    for (const lang of ['fr', 'ru']) {
      const { text } = await call(customer.token, 'GET', `/orders/${id}`, { query: { lang } });
      expect(text).toBe(plain.text);
    }
    const { text } = await call(customer.token, 'GET', `/orders/${id}`, { headers: HEBREW });
    expect(text.replace(HEBREW_MILK, MILK)).toBe(plain.text);
    expect((await shop.request('GET', `/orders/${id}`, { token: customer.token, query: { lang: '%%' } })).status).toBe(
      400,
    );
  });

  it('keep what was bought when the product is renamed or made another one', async () => {
    const id = await ordered();
    await change(milk, { name: 'Goat milk', translations: { he: { name: 'חלב עיזים' } } });
    expect(names(await orderIn(id, 'he'))).toEqual([MILK, BREAD]);
    await change(milk, { name: MILK });
    expect(names(await orderIn(id, 'he'))).toEqual(['חלב עיזים', BREAD]);
  });

  it('follow the language in answers to changes, amendments and their history included', async () => {
    const id = await ordered();
    const { items } = await orderIn(id, 'he');
    const path = `/orders/${id}/items/${items[0].id}/substitution`;
    expect(names(await inHebrew(customer.token, 'PATCH', path, { body: { policy: 'NONE' } }))).toEqual([
      HEBREW_MILK,
      BREAD,
    ]);
    const { preview } = amending(shop);
    const planned = await preview(customer, id, [
      [milk, 1],
      [oat, 1],
    ]);
    const confirmPath = `/orders/${id}/amendments/${planned.body.data.amendment_id}/confirm`;
    const headers = { ...HEBREW, 'Idempotency-Key': crypto.randomUUID() };
    const amended = await inHebrew(customer.token, 'POST', confirmPath, { headers });
    expect(names(amended)).toEqual([HEBREW_MILK, HEBREW_OAT]);
    const [{ before, after }] = amended.amendments;
    expect([names(before), names(after)]).toEqual([
      [HEBREW_MILK, BREAD],
      [HEBREW_MILK, HEBREW_OAT],
    ]);
    const repeated = await inHebrew(customer.token, 'POST', confirmPath, { headers });
    expect(names(repeated)).toEqual([HEBREW_MILK, HEBREW_OAT]);
    await change(oat, { name: 'Oat milk' });
    const [kept] = (await orderIn(id, 'he')).amendments;
    expect(names(kept.after)).toEqual([HEBREW_MILK, OAT]);
    expect({ ...kept.after, items: kept.after.items.map((item: object) => ({ ...item, name: '' })) }).toEqual({
      ...after,
      items: after.items.map((item: object) => ({ ...item, name: '' })),
    });
    const plain = (await call(customer.token, 'GET', `/orders/${id}`)).body.data;
    expect([names(plain.amendments[0].before), names(plain.amendments[0].after)]).toEqual([
      [MILK, BREAD],
      [MILK, OAT],
    ]);
  });

  it('name the branch of a pickup as the branches do', async () => {
    const lines = [{ productId: milk }];
    const { id } = await placeOrder(shop, { userId: customer.id, branchId: goods.storeId, lines });
    expect((await orderIn(id, 'he')).pickup.branch_name).toBe('המרכז');
    expect((await call(customer.token, 'GET', `/orders/${id}`)).body.data.pickup.branch_name).toBe('Center');
  });
});

describe('a proposal', () => {
  it('is read, made and answered in the language of whoever asks', async () => {
    const id = await ordered();
    const [line] = (await orderIn(id, 'he')).items;
    const path = `/ops/orders/${id}/items/${line.id}`;
    const suggested = await inHebrew(employee, 'GET', `${path}/suggestions`);
    expect(suggested.find((one: any) => one.product_id === oat).name).toBe(HEBREW_OAT);
    const plain = (await call(employee, 'GET', `${path}/suggestions`)).body.data;
    expect(plain.map((one: any) => one.product_id)).toEqual(suggested.map((one: any) => one.product_id));
    expect(plain.find((one: any) => one.product_id === oat).name).toBe(OAT);
    const made = (await call(employee, 'POST', `${path}/proposals`, { body: { product_id: oat } })).body.data;
    expect(made.product_name).toBe(OAT);
    const read = await call(customer.token, 'GET', `/orders/${id}/proposals`, { headers: HEBREW });
    expect(read.body.data).toEqual([{ ...made, product_name: HEBREW_OAT }]);
    expect([read.trips, read.headers.get('vary')]).toEqual([1, expect.stringContaining('Accept-Language')]);
    expect((await call(customer.token, 'GET', `/orders/${id}/proposals`)).body.data).toEqual([made]);
    const answered = await inHebrew(customer.token, 'POST', `/orders/${id}/proposals/${made.id}/approve`);
    expect(answered).toMatchObject({ status: 'APPROVED', product_name: HEBREW_OAT });
    const replaced = async (lang: string) => (await orderIn(id, lang)).items[0];
    expect(await replaced('he')).toMatchObject({ name: HEBREW_MILK, replacement_name: HEBREW_OAT });
    expect(await replaced('fr')).toMatchObject({ name: MILK, replacement_name: OAT });
    await change(oat, { name: 'Oat milk' });
    expect(await replaced('he')).toMatchObject({ name: HEBREW_MILK, replacement_name: OAT });
  });
});

describe('a claim', () => {
  it('names what was delivered in the language of whoever reads it', async () => {
    const lines = [{ productId: milk, quantity: 2 }, { productId: bread }];
    const order = await deliveredOrder(shop, { userId: customer.id, branchId: goods.warehouseId, lines });
    const items = order.itemIds.map((item_id) => ({ item_id }));
    const filed = (await fileClaim(shop, customer.token, order.id, items)).body.data;
    expect(names(filed)).toEqual([MILK, BREAD]);
    const [read] = await inHebrew(customer.token, 'GET', `/orders/${order.id}/claims`);
    expect(read).toEqual({ ...filed, items: [{ ...filed.items[0], name: HEBREW_MILK }, filed.items[1]] });
    const [staff] = await inHebrew(manager, 'GET', '/ops/claims');
    expect(names(staff)).toEqual([HEBREW_MILK, BREAD]);
    await change(milk, { name: 'Goat milk' });
    const [renamed] = await inHebrew(customer.token, 'GET', `/orders/${order.id}/claims`);
    expect(names(renamed)).toEqual([MILK, BREAD]);
    await decideClaim(shop, manager, filed.id, [{ item_id: items[0]!.item_id, quantity: 1, approve: true }]);
    expect(names((await call(customer.token, 'GET', `/orders/${order.id}/claims`)).body.data[0])).toEqual([
      MILK,
      BREAD,
    ]);
  });
});

describe('the floor', () => {
  it('reads orders, batches and stock requests in the language of the picker', async () => {
    const id = await ordered();
    const read = await inHebrew(employee, 'GET', `/ops/orders/${id}`);
    expect(read.items.map(({ name, product }: any) => [name, product.name, product.description])).toEqual([
      [HEBREW_MILK, HEBREW_MILK, 'מלא'],
      [BREAD, BREAD, null],
    ]);
    const picked = await inHebrew(employee, 'PATCH', `/ops/orders/${id}/items/${read.items[0].id}/picked-status`, {
      body: { picked_status: 'PICKED' },
    });
    expect(names(picked)).toEqual([HEBREW_MILK, BREAD]);
    const listed = (orders: any[]) => orders.find((order) => order.order_id === id).items_summary;
    expect(listed(await inHebrew(employee, 'GET', '/ops/orders'))).toBe(`${HEBREW_MILK} ×2, ${BREAD} ×1`);
    expect(listed((await call(employee, 'GET', '/ops/orders')).body.data)).toBe(`${MILK} ×2, ${BREAD} ×1`);
    const batch = await inHebrew(employee, 'POST', '/ops/batches', { body: { order_ids: [id] } });
    expect(names({ items: batch.pick_list }).sort()).toEqual([BREAD, HEBREW_MILK]);
    expect(await inHebrew(employee, 'GET', `/ops/batches/${batch.id}`)).toEqual(batch);
    const body = { branch_id: goods.storeId, product_id: milk, quantity: 5, request_type: 'ADD_QUANTITY' };
    const request = await inHebrew(employee, 'POST', '/stock-requests', { body });
    expect(request).toMatchObject({ product_name: HEBREW_MILK, branch_name: 'המרכז' });
    const [own] = (await call(employee, 'GET', '/stock-requests/my')).body.data;
    expect(own).toEqual({ ...request, product_name: MILK, branch_name: 'Center' });
  });

  it('says how many further lines an order has, in figures where the word would be English', async () => {
    const lines = [milk, oat, bread, milk].map((productId) => ({ productId }));
    const order = await placeOrder(shop, { userId: customer.id, branchId: goods.warehouseId, lines });
    const summary = async (lang?: string) => {
      const orders = (await call(employee, 'GET', '/ops/orders', { query: { lang, limit: 100 } })).body.data;
      return orders.find((one: any) => one.order_id === order.id).items_summary;
    };
    expect(await summary('he')).toBe(`${HEBREW_MILK} ×1, ${HEBREW_OAT} ×1 +2`);
    for (const lang of [undefined, 'en']) expect(await summary(lang)).toBe(`${MILK} ×1, ${OAT} ×1 +2 more`);
  });
});

it('a live connection begins with the state in the language of its URL or of the browser', async () => {
  const id = await ordered();
  const ticket = await ticketFor(shop, customer.token, { order_id: id });
  const watcher = await connect(shop, `/orders/${id}/live`, { ticket, lang: 'he' });
  if (!(watcher instanceof Watcher)) throw new Error(JSON.stringify(watcher.body));
  const { data } = await watcher.until(({ type }) => type === 'snapshot');
  expect(names(data.order as never)).toEqual([HEBREW_MILK, BREAD]);
});

describe('a mail', () => {
  it('is in the language that the customer chose, and names no product that was not bought', async () => {
    const body = { language: 'he' };
    await call(customer.token, 'PATCH', '/me', { body });
    const id = await ordered();
    const sent = async (subject: RegExp) =>
      (await brevo.seen()).mails.find(
        (mail) => mail.to[0]!.email === customer.email && subject.test(mail.subject ?? ''),
      );
    expect((await sent(/אושרה/))?.textContent).toContain(`2 × ${HEBREW_MILK}: 15.80 ILS`);
    await change(milk, { name: 'Goat milk', translations: { he: { name: 'חלב עיזים' } } });
    await amending(shop).amend(customer, id, [
      [milk, 2],
      [oat, 1],
    ]);
    const amended = (await sent(/עודכנה/))?.textContent;
    expect(amended).toContain(`2 × ${MILK}`);
    expect(amended).toContain(`1 × ${HEBREW_OAT}`);
    expect(amended).not.toContain('עיזים');
  });
});
