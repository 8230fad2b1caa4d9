import { beforeAll, expect, it } from 'vitest';
import { amending } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
let employee: string;
/** By the piece, with and without deposit, and by weight. */
const products: number[] = [];

beforeAll(async () => {
  shop = await openShop();
  floor = await authorizingShop(shop);
  employee = (await signInAs(shop, 'EMPLOYEE')).token;
  const options = [
    { price: '6.50' },
    { price: '3.99', deposit: '0.30' },
    { price: '12.90' },
    { pricePerKg: '19.90', nominalGrams: 350 },
    { pricePerKg: '64.90', nominalGrams: 1000 },
    { pricePerKg: '7.77', nominalGrams: 180 },
  ];
  for (const option of options) {
    const productId = await makeProduct(shop, option);
    await makeStock(shop, { productId, branchId: floor.goods.warehouseId, onHand: 2000 });
    products.push(productId);
  }
});

interface Item {
  id: number;
  product_id: number;
  quantity: number;
  nominal_grams: number | null;
  picked_status: string;
  picked_quantity: number;
  final_amount: string;
}

interface Bought {
  id: number;
  customer: Customer;
  /** What the customer agreed to. */
  shown: number;
  items: Item[];
}

async function buy(number: number): Promise<Bought> {
  const customer = await newCustomer(shop);
  const lines = products.flatMap((productId, index): [number, number][] =>
    (number + index) % 3 === 0 ? [] : [[productId, 1 + ((number * 7 + index * 3) % 4)]],
  );
  const cartId = await fillCart(shop, customer, lines);
  const terms = delivery(cartId, floor.slotId);
  const preview = await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
  const { body, status, text } = await confirm(shop, customer, terms);
  if (status !== 201) throw new Error(text);
  const { id, items } = await floor.orderOf(customer, body.data.order_id);
  return { id, customer, shown: Number(preview.body.data.total_amount), items };
}

/** Half of the customers change the order before the cut-off: a line goes, another grows, and again. Too late it is refused. */
async function amend(order: Bought, number: number): Promise<void> {
  if (number % 4 === 3) return;
  const change = amending(shop);
  const [first, ...others] = order.items;
  const grown: [number, number][] = order.items.map((item, index) => [item.product_id, item.quantity + index]);
  const wanted =
    number % 4 === 0 ? [grown] : number % 4 === 1 ? [others.map((item): [number, number] => [item.product_id, 1])] : [];
  for (const lines of number % 8 === 0 ? [...wanted, [[first!.product_id, 1] as [number, number]], grown] : wanted) {
    const { status, text } = await change.amend(order.customer, order.id, lines);
    expect(status, text).toBe(200);
  }
  const now = await change.orderOf(order.customer, order.id);
  order.items = now.items;
  order.shown = Number(now.total_amount) - Number(now.refunded_amount);
  if (number % 4 !== 2) return;
  await shop.sql(`update orders set window_start = now() where id = $1`, [order.id]);
  const late = await change.preview(order.customer, order.id, grown);
  expect([late.status, late.body.error.code]).toEqual([409, 'CUT_OFF_PASSED']);
}

/** What the picker finds for the line: all, some, too heavy, too light, nothing, something else. */
function findingOf(order: Bought, item: Item, turn: number): object {
  if (turn % 11 === 0) return { picked_status: 'MISSING' };
  const picked_quantity = turn % 5 === 0 ? Math.max(1, item.quantity - 1) : item.quantity;
  const other = order.items.find(({ product_id }) => product_id !== item.product_id);
  if (turn % 7 === 0 && other) {
    const grams = other.nominal_grams && { picked_grams: other.nominal_grams * picked_quantity };
    return { picked_status: 'REPLACED', replacement_product_id: other.product_id, picked_quantity, ...grams };
  }
  const weight = item.nominal_grams && Math.round(item.nominal_grams * picked_quantity * (0.91 + (turn % 19) / 100));
  return { picked_status: 'PICKED', picked_quantity, ...(weight && { picked_grams: weight }) };
}

const asked = { approve: 0, reject: 0, lapse: 0, refuse: 0 };

/** Instead of giving something else: asks the customer, who says yes, no or nothing, or who wants nothing else at all. */
async function ask(order: Bought, item: Item): Promise<void> {
  const answers = Object.keys(asked) as (keyof typeof asked)[];
  const answer = answers[Object.values(asked).reduce((sum, times) => sum + times, 0) % answers.length]!;
  asked[answer] += 1;
  const { token } = order.customer;
  const path = `/orders/${order.id}/items/${item.id}/substitution`;
  const policy = answer === 'refuse' ? 'NONE' : 'ASK';
  expect((await shop.request('PATCH', path, { token, body: { policy } })).status).toBe(200);
  const product_id = products.slice(0, 3).find((id) => id !== item.product_id);
  const made = await shop.request('POST', `/ops/orders/${order.id}/items/${item.id}/proposals`, {
    token: employee,
    body: { product_id, quantity: item.quantity },
  });
  if (answer === 'refuse') {
    expect(made.body.error.code).toBe('SUBSTITUTION_REFUSED');
    await settleLine(order, item, { picked_status: 'MISSING' });
    return;
  }
  expect(made.status, made.text).toBe(201);
  const { id } = made.body.data;
  if (answer === 'lapse') {
    await shop.sql('update substitution_proposals set expires_at = now() where id = $1', [id]);
    await shop.sql(
      `update hold_lines h set expires_at = now() from orders o where o.id = $1 and h.cart_id = o.cart_id`,
      [order.id],
    );
  } else {
    const told = await shop.request('POST', `/orders/${order.id}/proposals/${id}/${answer}`, { token });
    expect(told.status, told.text).toBe(200);
  }
  const now = (await floor.orderOf(order.customer, order.id)).items.find((one: Item) => one.id === item.id);
  expect(now.picked_status).toBe(answer === 'approve' ? 'REPLACED' : 'MISSING');
}

async function settleLine(order: Bought, item: Item, finding: object): Promise<void> {
  const path = `/ops/orders/${order.id}/items/${item.id}/picked-status`;
  const { status, text } = await shop.request('PATCH', path, { token: employee, body: finding });
  expect(status, text).toBe(200);
}

/** Every third order by a handheld that sends everything twice, the others one by one. */
async function pick(order: Bought, number: number): Promise<void> {
  const findings = order.items.map((item, index) => ({
    item,
    finding: findingOf(order, item, number * 5 + index * 3 + 1),
  }));
  if (number % 3 !== 0) {
    for (const { item, finding } of findings) {
      if ('replacement_product_id' in finding && number % 3 === 1) await ask(order, item);
      else await settleLine(order, item, finding);
    }
    return;
  }
  const operations = findings.map(({ item, finding }) => ({
    op_id: crypto.randomUUID(),
    order_id: order.id,
    item_id: item.id,
    at: new Date().toISOString(),
    ...finding,
  }));
  for (const result of ['ok', 'repeated']) {
    const { body } = await shop.request('POST', '/ops/picks', { token: employee, body: { operations } });
    expect(body.data.results.map((one: any) => one.result)).toEqual(operations.map(() => result));
    operations.reverse();
  }
}

it('a day of 40 orders in both modes: nobody pays more than was shown, and all books balance', async () => {
  for (let number = 0; number < 40; number++) {
    await shop.sql(`update settings set payment_mode = $1`, [number % 2 ? 'CHARGE' : 'AUTHORIZE']);
    const order = await buy(number);
    await amend(order, number);
    await pick(order, number);
    const { body, status } = await floor.move(order.id, 'READY');
    if (status === 409 && body.error.code !== 'NOTHING_TO_DELIVER') {
      await floor.move(order.id, 'MISSING');
      await floor.move(order.id, 'READY');
    }
    const done = await floor.orderOf(order.customer, order.id);
    if (done.status !== 'READY') {
      await floor.move(order.id, 'CANCELED');
      continue;
    }
    for (const next of ['OUT_FOR_DELIVERY', 'DELIVERED']) expect((await floor.move(order.id, next)).status).toBe(200);
    const paid = Number(done.total_amount) - Number(done.refunded_amount);
    expect(paid).toBeLessThan(order.shown + 0.005);
    const { body: receipt } = await shop.request('GET', `/orders/${order.id}/receipt`, { token: order.customer.token });
    const noted = receipt.data.credit_notes.reduce((sum: number, note: any) => sum + Number(note.amount), 0);
    expect(Number(receipt.data.total) - noted).toBeCloseTo(paid, 2);
    const goods = done.items.reduce((sum: number, item: Item) => sum + Number(item.final_amount), 0);
    expect(goods).toBeLessThan(paid + 0.005);
    for (const item of done.items as Item[]) {
      expect(item.picked_quantity).toBeGreaterThanOrEqual(item.picked_status === 'MISSING' ? 0 : 1);
      expect(item.picked_quantity).toBeLessThanOrEqual(item.quantity);
    }
  }
  for (const times of Object.values(asked)) expect(times).toBeGreaterThan(0);
  await floor.runJobs();
  await expectInvariants(shop);
});
