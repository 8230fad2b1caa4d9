import { beforeAll, describe, expect, it } from 'vitest';
import { type Customer, newCustomer } from '../support/customer.ts';
import { openFloor } from '../support/orders.ts';
import { askRefund, giveCredit } from '../support/paying-back.ts';
import { type Bought, buy, pick, receiptOf, stockedProduct } from '../support/receipts.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let cola: number;
let apples: number;
let jam: number;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  floor = await openFloor(shop);
  await shop.request('PUT', '/admin/settings', { token: floor.admin.token, body: { payment_mode: 'AUTHORIZE' } });
  cola = await stockedProduct(shop, goods, { name: 'Cola', sku: 'COLA', price: '20.00', deposit: '0.30' });
  apples = await stockedProduct(shop, goods, { name: 'Apples', sku: 'APPLES', price: '8.00', taxClass: 'ZERO' });
  jam = await stockedProduct(shop, goods, { name: 'Apple jam', sku: 'JAM', price: '5.90' });
});

const orderOf = async ({ customer, id }: Bought) =>
  (await shop.request('GET', `/orders/${id}`, { token: customer.token })).body.data;
const receipt = async ({ customer, id }: Bought) => (await receiptOf(shop, customer.token, id)).body.data;
const picked = (bought: Bought, outcomes: (Record<string, unknown> | undefined)[]) =>
  pick(shop, floor.manager.token, bought, outcomes);
const missing = { picked_status: 'MISSING', reason: 'none left' };

async function customerWith(credit: string): Promise<Customer> {
  const customer = await newCustomer(shop);
  await giveCredit(shop, customer.id, credit);
  return customer;
}

describe('an order that is captured after picking', () => {
  it('has a receipt from the capture on, for the lines as picked and their deposits', async () => {
    const bought = await buy(shop, goods, [
      [cola, 2],
      [apples, 2],
    ]);
    expect((await receiptOf(shop, bought.customer.token, bought.id)).body.error.code).toBe('RECEIPT_NOT_READY');
    await picked(bought, [missing, { picked_status: 'REPLACED', replacement_product_id: jam }]);
    expect(await orderOf(bought)).toMatchObject({
      total_amount: '56.60',
      captured_amount: '11.80',
      refunded_amount: '44.80',
    });
    const { lines, deposits, vat, total, paid, credit_notes } = await receipt(bought);
    expect(lines.map((line: any) => [line.name, line.sku, line.amount, line.vat_rate])).toEqual([
      ['Apple jam', 'JAM', '11.80', '18.00'],
    ]);
    expect([deposits, total, credit_notes]).toEqual([[], '11.80', []]);
    expect(vat).toEqual([{ rate: '18.00', net: '10.00', vat: '1.80' }]);
    expect(paid).toEqual([{ method: 'CARD', amount: '11.80' }]);
  });

  it('has credit notes for what is refunded later', async () => {
    const bought = await buy(shop, goods, [
      [cola, 2],
      [apples, 1],
    ]);
    await picked(bought, [undefined, missing]);
    await askRefund(shop, floor.manager.token, bought.id, { items: [{ item_id: bought.items[0]!.id, quantity: 1 }] });
    const { total, deposits, credit_notes } = await receipt(bought);
    expect([total, deposits[0].amount]).toEqual(['40.60', '0.60']);
    expect(credit_notes.map((note: any) => [note.amount, note.deposit_total])).toEqual([['20.30', '0.30']]);
    expect(await orderOf(bought)).toMatchObject({ total_amount: '48.60', refunded_amount: '28.30' });
  });

  it('is not refunded before: picking makes the capture smaller', async () => {
    const bought = await buy(shop, goods, [[cola, 1]], { customer: await customerWith('5.00'), use_credit: true });
    const { status, body } = await askRefund(shop, floor.manager.token, bought.id, { amount: '1.00' });
    expect([status, body.error.code]).toEqual([409, 'NOTHING_LEFT_TO_REFUND']);
  });
});

describe('an order that store credit pays', () => {
  it('alone has a receipt from READY on, of the credit that picking left spent', async () => {
    const bought = await buy(
      shop,
      goods,
      [
        [cola, 1],
        [apples, 1],
      ],
      { customer: await customerWith('50.00'), use_credit: true },
    );
    expect((await receiptOf(shop, bought.customer.token, bought.id)).status).toBe(409);
    await picked(bought, [undefined, missing]);
    const { total, paid, credit_notes } = await receipt(bought);
    expect([total, paid, credit_notes]).toEqual(['20.30', [{ method: 'CREDIT', amount: '20.30' }], []]);
    expect(await orderOf(bought)).toMatchObject({ total_amount: '28.30', refunded_amount: '8.00' });
  });

  it('in part has one of both, and of less credit when more is missing than the card would have paid', async () => {
    const customer = await customerWith('25.00');
    const bought = await buy(
      shop,
      goods,
      [
        [cola, 1],
        [apples, 1],
      ],
      { customer, use_credit: true },
    );
    await picked(bought, [undefined, missing]);
    const { total, paid, credit_notes } = await receipt(bought);
    expect([total, paid, credit_notes]).toEqual(['20.30', [{ method: 'CREDIT', amount: '20.30' }], []]);
    const credit = await shop.request('GET', '/me/credit', { token: customer.token });
    expect(credit.body.data.balance).toBe('4.70');
  });
});
