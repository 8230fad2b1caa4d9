import { beforeAll, describe, expect, it } from 'vitest';
import { addToCart, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makePaymentToken, makeProduct, makeSlot, makeStock } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let slotId: number;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
  await shop.sql('update delivery_slots set capacity = null where id = $1', [slotId]);
});

const productId = (index: number) => goods.products[index]!.id;

async function stockedProduct(onHand: number): Promise<number> {
  const id = await makeProduct(shop);
  await makeStock(shop, { productId: id, branchId: goods.warehouseId, onHand });
  return id;
}

const onHand = async (id: number): Promise<number> =>
  (
    await shop.sql('select on_hand from inventory where product_id = $1 and branch_id = $2', [id, goods.warehouseId])
  )[0]!.on_hand;

const heldOf = async (id: number): Promise<number> =>
  (
    await shop.sql(
      `select coalesce(sum(quantity), 0)::int as held from hold_lines h join inventory i on i.id = h.inventory_id
       where i.product_id = $1 and h.expires_at > now()`,
      [id],
    )
  )[0]!.held;

describe('the way from cart to order', () => {
  it('holds at preview, sells at confirm, and counts trips', async () => {
    const customer = await newCustomer(shop);
    const product = await stockedProduct(10);
    const added = await addToCart(shop, customer, product, 3);
    expect(added).toMatchObject({ status: 201, trips: 1 });
    expect(added.body.data).toMatchObject({ total_amount: '30.00', reserved_until: null });
    expect(added.body.data.items[0]).toMatchObject({ quantity: 3, unit_price: '10.00', available_quantity: 10 });

    const terms = delivery(added.body.data.id, slotId);
    const preview = await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    expect(preview).toMatchObject({ status: 200, trips: 1 });
    expect(preview.body.data).toMatchObject({
      slot_held: true,
      cart_total: '30.00',
      delivery_fee: '30.00',
      total_amount: '60.00',
      currency: 'ILS',
      missing_items: [],
    });
    expect(await heldOf(product)).toBe(3);
    const cart = await shop.request('GET', '/cart', { token: customer.token });
    expect(cart.body.data.reserved_until).toBe(preview.body.data.reserved_until);

    const placed = await confirm(shop, customer, terms);
    expect(placed).toMatchObject({ status: 201, trips: 2 });
    expect(placed.body.data).toMatchObject({ total_paid: '60.00', payment_reference: expect.any(String) });
    expect(await onHand(product)).toBe(7);
    expect(await heldOf(product)).toBe(0);
    const next = await shop.request('GET', '/cart', { token: customer.token });
    expect(next.body.data.items).toEqual([]);
    expect(next.body.data.id).not.toBe(added.body.data.id);
    await expectInvariants(shop);
  });

  it('takes as many statements for forty lines as for one', async () => {
    const one = await newCustomer(shop);
    const forty = await newCustomer(shop);
    const products = await Promise.all(Array.from({ length: 40 }, () => stockedProduct(5)));
    const small = await confirm(shop, one, delivery(await fillCart(shop, one, [[products[0]!, 1]]), slotId));
    const lines = products.map((id): [number, number] => [id, 1]);
    const large = await confirm(shop, forty, delivery(await fillCart(shop, forty, lines), slotId));
    expect([small.status, large.status]).toEqual([201, 201]);
    expect(large.statements).toBe(small.statements);
  });
});

describe('one order for one purchase', () => {
  it('answers 12 parallel confirms with one key by one order and one payment', async () => {
    const customer = await newCustomer(shop);
    const cartId = await fillCart(shop, customer, [[productId(0), 1]]);
    const key = crypto.randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => confirm(shop, customer, delivery(cartId, slotId), { key })),
    );
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.every((status) => [200, 201, 409].includes(status))).toBe(true);
    for (const answer of answers) {
      if (answer.status === 409) expect(answer.body.error.code).toBe('IDEMPOTENCY_IN_PROGRESS');
    }
    const first = answers.find((answer) => answer.status === 201)!;
    const again = await confirm(shop, customer, delivery(cartId, slotId), { key });
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await shop.sql('select id from orders where user_id = $1', [customer.id])).toHaveLength(1);
    const other = await confirm(shop, customer, { ...delivery(cartId, slotId), address: '1 Other Street' }, { key });
    expect(other.body.error.code).toBe('IDEMPOTENCY_KEY_REUSE_MISMATCH');
  });

  it('answers 20 parallel confirms of one cart with different keys by one order', async () => {
    const customer = await newCustomer(shop);
    const cartId = await fillCart(shop, customer, [[productId(1), 2]]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => confirm(shop, customer, delivery(cartId, slotId))),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    const codes = answers.filter((answer) => answer.status !== 201).map((answer) => answer.body.error.code);
    expect(['CHECKOUT_IN_PROGRESS', 'NOT_FOUND', 'CART_EMPTY']).toEqual(expect.arrayContaining(codes));
    expect(await shop.sql('select id from orders where user_id = $1', [customer.id])).toHaveLength(1);
    await expectInvariants(shop);
  });

  it('gives everything back on a decline, and takes another card', async () => {
    const customer = await newCustomer(shop, { providerToken: 'tok_decline_1' });
    const product = await stockedProduct(4);
    const cartId = await fillCart(shop, customer, [[product, 4]]);
    const key = crypto.randomUUID();
    const refused = await confirm(shop, customer, delivery(cartId, slotId), { key });
    expect(refused).toMatchObject({ status: 402, trips: 2 });
    expect(refused.body.error.code).toBe('PAYMENT_FAILED');
    expect(await onHand(product)).toBe(4);
    const replayed = await confirm(shop, customer, delivery(cartId, slotId), { key });
    expect(replayed.status).toBe(402);
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    const cardId = await makePaymentToken(shop, { userId: customer.id, isDefault: false });
    const paid = await confirm(shop, customer, { ...delivery(cartId, slotId), payment_token_id: cardId });
    expect(paid.status).toBe(201);
    expect(await onHand(product)).toBe(0);
    const orders = await shop.sql('select status, placed_at from orders where user_id = $1 order by id', [customer.id]);
    expect(orders.map((order) => order.status)).toEqual(['CANCELED', 'CREATED']);
    await expectInvariants(shop);
  });

  it('sells 10 units to 50 customers, in opposing order, as 10', async () => {
    const [left, right] = [await stockedProduct(10), await stockedProduct(10)];
    const customers = await Promise.all(Array.from({ length: 50 }, () => newCustomer(shop)));
    const carts = await Promise.all(
      customers.map((customer, i) => {
        const lines: [number, number][] = [
          [left, 1],
          [right, 1],
        ];
        return fillCart(shop, customer, i % 2 ? lines : lines.reverse());
      }),
    );
    const answers = await Promise.all(
      customers.map((customer, i) => confirm(shop, customer, delivery(carts[i]!, slotId))),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(10);
    const refusals = answers.filter((answer) => answer.status !== 201);
    for (const { status, body } of refusals) expect([status, body.error.code]).toEqual([409, 'INSUFFICIENT_STOCK']);
    expect(refusals[0]!.body.error.details.missing[0]).toMatchObject({ requested_quantity: 1, available_quantity: 0 });
    expect([await onHand(left), await onHand(right)]).toEqual([0, 0]);
    expect([await heldOf(left), await heldOf(right)]).toEqual([0, 0]);
    await expectInvariants(shop);
  });

  it('never books a slot beyond its capacity', async () => {
    const narrow = await makeSlot(shop, { branchId: goods.warehouseId, dayOfWeek: 3, startTime: '06:00', capacity: 3 });
    const customers = await Promise.all(Array.from({ length: 12 }, () => newCustomer(shop)));
    const carts = await Promise.all(customers.map((customer) => fillCart(shop, customer, [[productId(2), 1]])));
    const answers = await Promise.all(
      customers.map((customer, i) => confirm(shop, customer, delivery(carts[i]!, narrow))),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(3);
    for (const { status, body } of answers.filter((answer) => answer.status !== 201)) {
      expect([status, body.error.code]).toEqual([409, 'SLOT_FULL']);
    }
    const late = await shop.request('POST', '/checkout/preview', {
      token: customers.find((_, i) => answers[i]!.status === 409)!.token,
      body: delivery(carts[answers.findIndex((answer) => answer.status === 409)]!, narrow),
    });
    expect(late.body.data.slot_held).toBe(false);
    await expectInvariants(shop);
  });
});

describe('what a hold is worth', () => {
  it('keeps stock from others until it lapses or the cart changes', async () => {
    const product = await stockedProduct(5);
    const [first, second] = [await newCustomer(shop), await newCustomer(shop)];
    const cartId = await fillCart(shop, first, [[product, 4]]);
    await shop.request('POST', '/checkout/preview', { token: first.token, body: delivery(cartId, slotId) });
    const refused = await addToCart(shop, second, product, 2);
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({
      code: 'OUT_OF_STOCK_DELIVERY_BRANCH',
      details: { product_id: product, requested_quantity: 2, available_quantity: 1 },
    });
    await shop.sql('update hold_lines set expires_at = now() where cart_id = $1', [cartId]);
    expect((await addToCart(shop, second, product, 2)).status).toBe(201);

    await shop.request('POST', '/checkout/preview', { token: first.token, body: delivery(cartId, slotId) });
    expect(await heldOf(product)).toBe(4);
    await addToCart(shop, first, productId(3), 1);
    expect(await heldOf(product)).toBe(0);
  });

  it('gives 40 carts previewing 15 units exactly 15', async () => {
    const product = await stockedProduct(15);
    const customers = await Promise.all(Array.from({ length: 40 }, () => newCustomer(shop)));
    const carts = await Promise.all(customers.map((customer) => fillCart(shop, customer, [[product, 1]])));
    const answers = await Promise.all(
      customers.map((customer, i) =>
        shop.request('POST', '/checkout/preview', { token: customer.token, body: delivery(carts[i]!, slotId) }),
      ),
    );
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    expect(await heldOf(product)).toBe(15);
    const missing = answers.filter((answer) => answer.body.data.missing_items.length > 0);
    expect(missing).toHaveLength(25);
    await expectInvariants(shop);
  });

  it('refuses a total that is not the one shown, until it is shown again', async () => {
    const customer = await newCustomer(shop);
    const product = await stockedProduct(5);
    const cartId = await fillCart(shop, customer, [[product, 1]]);
    const terms = delivery(cartId, slotId);
    await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    await shop.sql('update products set price = 12.50 where id = $1', [product]);
    const refused = await confirm(shop, customer, terms);
    expect(refused.body.error).toMatchObject({
      code: 'PRICE_CHANGED',
      details: { previous_total: '40.00', total: '42.50' },
    });
    await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    expect((await confirm(shop, customer, { ...terms, expected_total: '42.51' })).body.error.code).toBe(
      'PRICE_CHANGED',
    );
    expect((await confirm(shop, customer, { ...terms, expected_total: 42.5 })).status).toBe(201);
  });
});
