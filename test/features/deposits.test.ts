import { beforeAll, describe, expect, it } from 'vitest';
import { brevoAccount } from '../support/brevo-account.ts';
import { addToCart, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { openFloor } from '../support/orders.ts';
import { askRefund } from '../support/paying-back.ts';
import { buy, pick, stockedProduct } from '../support/receipts.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const mailbox = brevoAccount();
let shop: Shop;
let goods: StandardShop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let bottle: number;
let plain: number;
beforeAll(async () => {
  shop = await openShop({ env: mailbox.env });
  goods = await standardShop(shop);
  floor = await openFloor(shop);
  bottle = await stockedProduct(shop, goods, { name: 'Water', price: '4.00', deposit: '0.30' });
  plain = await stockedProduct(shop, goods, { name: 'Bread', price: '10.00' });
});

const orderOf = async (token: string, id: number) => (await shop.request('GET', `/orders/${id}`, { token })).body.data;

describe('a product', () => {
  const newProduct = (fields: object) =>
    shop.request('POST', '/admin/products', {
      token: floor.manager.token,
      body: {
        name: 'Juice',
        sku: crypto.randomUUID().slice(0, 18),
        price: '9.90',
        category_id: goods.categories.Milk,
        ...fields,
      },
    });

  it('is STANDARD and without a deposit unless told otherwise, and shows both in the catalogue', async () => {
    const usual = (await newProduct({})).body.data;
    expect(usual).toMatchObject({ tax_class: 'STANDARD', deposit: null });
    const { data } = (await newProduct({ tax_class: 'ZERO', deposit: 0.3 })).body;
    expect(data).toMatchObject({ tax_class: 'ZERO', deposit: '0.30' });
    const shown = await shop.request('GET', `/catalog/products/${data.id}`);
    expect(shown.body.data).toMatchObject({ tax_class: 'ZERO', deposit: '0.30' });
    const change = (body: object) =>
      shop.request('PATCH', `/admin/products/${data.id}`, { token: floor.manager.token, body });
    expect((await change({ price: '5.00' })).body.data).toMatchObject({ tax_class: 'ZERO', deposit: '0.30' });
    expect((await change({ tax_class: 'STANDARD', deposit: null })).body.data).toMatchObject({
      tax_class: 'STANDARD',
      deposit: null,
    });
  });

  it.each([
    [{ tax_class: 'REDUCED' }, 'tax_class'],
    [{ tax_class: null }, 'tax_class'],
    [{ deposit: 0 }, 'deposit'],
    [{ deposit: '-0.30' }, 'deposit'],
    [{ deposit: '0.305' }, 'deposit'],
    [{ deposit: '1000.01' }, 'deposit'],
  ])('with %j is refused', async (fields, path) => {
    const { status, body } = await newProduct(fields);
    expect([status, body.error.details.errors[0].path]).toEqual([400, path]);
  });
});

describe('a deposit', () => {
  it('is a line of its own in cart, preview and order, and part of each total', async () => {
    const customer = await newCustomer(shop);
    const { body } = await addToCart(shop, customer, bottle, 6);
    expect(body.data).toMatchObject({
      total_amount: '25.80',
      deposit_total: '1.80',
      items: [{ unit_price: '4.00', line_total: '24.00', deposit: '0.30' }],
    });
    const slot = goods.slots.find((one) => one.branch_id === goods.warehouseId)!;
    const terms = delivery(body.data.id, slot.id);
    const preview = await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    // What existing clients add up stays right: cart_total and delivery_fee are the total.
    expect(preview.body.data).toMatchObject({
      cart_total: '25.80',
      deposit_total: '1.80',
      delivery_fee: '30.00',
      total_amount: '55.80',
    });
    const paid = await confirm(shop, customer, { ...terms, expected_total: '55.80' });
    expect(paid.body.data.total_paid).toBe('55.80');
    expect(await orderOf(customer.token, paid.body.data.order_id)).toMatchObject({
      total_amount: '55.80',
      delivery_fee: '30.00',
      deposit_total: '1.80',
      items: [{ unit_price: '4.00', quantity: 6, deposit: '0.30', tax_class: 'STANDARD' }],
    });
    const { mails } = await mailbox.seen();
    const text = JSON.stringify(mails.find((mail) => JSON.stringify(mail).includes(paid.body.data.order_number)));
    expect(text).toContain('Deposits: 1.80 ILS');
    expect(text).toContain('Total paid: 55.80 ILS');
  });

  it('is no purchase: it counts neither towards free delivery nor towards the minimum order', async () => {
    const dear = await stockedProduct(shop, goods, { price: '149.00', deposit: '5.00' });
    const customer = await newCustomer(shop);
    const cartId = await fillCart(shop, customer, [[dear, 1]]);
    const slot = goods.slots.find((one) => one.branch_id === goods.warehouseId)!;
    const terms = delivery(cartId, slot.id);
    const preview = await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    expect(preview.body.data).toMatchObject({ cart_total: '154.00', delivery_fee: '30.00', total_amount: '184.00' });
    await shop.sql('update settings set minimum_order_total = 150');
    await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    const { status, body } = await confirm(shop, customer, terms);
    expect([status, body.error.code]).toEqual([422, 'BELOW_MINIMUM_ORDER']);
    await shop.sql('update settings set minimum_order_total = 0');
  });

  it('changes nothing for products without one', async () => {
    const { customer, id, total } = await buy(shop, goods, [[plain, 2]]);
    expect(total).toBe('20.00');
    expect(await orderOf(customer.token, id)).toMatchObject({ total_amount: '20.00', deposit_total: '0.00' });
  });

  it('asks again when it has changed since the preview', async () => {
    const product = await stockedProduct(shop, goods, { price: '4.00' });
    const customer = await newCustomer(shop);
    const cartId = await fillCart(shop, customer, [[product, 1]]);
    const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId };
    await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    await shop.sql('update products set deposit = 0.30 where id = $1', [product]);
    const { body } = await confirm(shop, customer, terms);
    expect(body.error).toMatchObject({
      code: 'PRICE_CHANGED',
      details: { previous_total: '4.00', total: '4.30' },
    });
  });
});

describe('a deposit goes back with its unit', () => {
  const refunds = (orderId: number) =>
    shop.sql<{ amount: string; reason: string }>('select amount, reason from refunds where order_id = $1 order by id', [
      orderId,
    ]);

  it('that is missing', async () => {
    const bought = await buy(shop, goods, [
      [bottle, 5],
      [plain, 1],
    ]);
    await pick(shop, floor.manager.token, bought, [{ picked_status: 'MISSING' }]);
    expect(await refunds(bought.id)).toEqual([{ amount: '21.50', reason: 'MISSING' }]);
    const { total_amount, refunded_amount } = await orderOf(bought.customer.token, bought.id);
    expect([total_amount, refunded_amount]).toEqual(['31.50', '21.50']);
  });

  it('that is canceled', async () => {
    const { customer, id } = await buy(shop, goods, [[bottle, 5]]);
    await shop.request('POST', `/orders/${id}/cancel`, { token: customer.token });
    expect(await refunds(id)).toEqual([{ amount: '21.50', reason: 'CANCEL' }]);
  });

  it('that is replaced: of price and deposit, each is the lower one', async () => {
    const dearer = await stockedProduct(shop, goods, { price: '9.00', deposit: '1.20' });
    const can = await stockedProduct(shop, goods, { price: '3.50', deposit: null });
    const bought = await buy(shop, goods, [[bottle, 2]]);
    await pick(shop, floor.manager.token, bought, [{ picked_status: 'REPLACED', replacement_product_id: dearer }]);
    expect(await refunds(bought.id)).toEqual([]);
    const { items } = await orderOf(bought.customer.token, bought.id);
    expect(items[0]).toMatchObject({ replacement_unit_price: '4.00', replacement_deposit: '0.30' });

    const cheaper = await buy(shop, goods, [[bottle, 2]]);
    await pick(shop, floor.manager.token, cheaper, [{ picked_status: 'REPLACED', replacement_product_id: can }]);
    expect(await refunds(cheaper.id)).toEqual([{ amount: '1.60', reason: 'REPLACEMENT' }]);
    const notes = await shop.request('GET', '/store/notifications', { token: cheaper.customer.token });
    expect(JSON.stringify(notes.body.data)).toContain('1.60');
  });

  it('that staff refund, and no more than was paid for the line', async () => {
    const { id, items } = await buy(shop, goods, [[bottle, 3]]);
    const units = (quantity: number) =>
      askRefund(shop, floor.manager.token, id, { items: [{ item_id: items[0]!.id, quantity }] });
    expect((await units(1)).body.data.amount).toBe('4.30');
    expect((await units(2)).body.data.amount).toBe('8.60');
    expect((await units(1)).body.error.code).toBe('NOTHING_LEFT_TO_REFUND');
  });
});
