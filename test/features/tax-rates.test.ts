import { beforeAll, describe, expect, it } from 'vitest';
import { signInAs } from '../support/factories.ts';
import { placeOrder } from '../support/orders.ts';
import { overlap } from '../support/overlap.ts';
import { buy, receiptOf, stockedProduct } from '../support/receipts.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let token: string;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  token = (await signInAs(shop, 'ADMIN')).token;
});

const add = (body: unknown) => shop.request('POST', '/admin/tax-rates', { token, body });
const list = async () => (await shop.request('GET', '/admin/tax-rates', { token })).body.data;

describe('the VAT rates', () => {
  it('begin with 17 % until the end of 2024 and 18 % from 2025', async () => {
    expect(await list()).toMatchObject([
      { rate: '18.00', first_day: '2025-01-01', last_day: null },
      { rate: '17.00', first_day: '2015-10-01', last_day: '2024-12-31' },
    ]);
  });

  it.each([
    [{ rate: '18.255', first_day: '2099-01-01' }, 'rate'],
    [{ rate: 18.255, first_day: '2099-01-01' }, 'rate'],
    [{ rate: '-1', first_day: '2099-01-01' }, 'rate'],
    [{ rate: '100.01', first_day: '2099-01-01' }, 'rate'],
    [{ rate: '18 %', first_day: '2099-01-01' }, 'rate'],
    [{ first_day: '2099-01-01' }, 'rate'],
    [{ rate: '18.00' }, 'first_day'],
    [{ rate: '18.00', first_day: '2099-02-30' }, 'first_day'],
    [{ rate: '18.00', first_day: '2099-01-01T00:00:00Z' }, 'first_day'],
    [{ rate: '18.00', first_day: '2099-01-01', last_day: '2099-12-31' }, 'body'],
  ])('refuse %j', async (body, path) => {
    const { status, body: answer } = await add(body);
    expect([status, answer.error.details.errors[0].path]).toEqual([400, path]);
  });

  it('take another one, which ends the one before', async () => {
    const { status, body } = await add({ rate: 19, first_day: '2098-01-01' });
    expect([status, body.data]).toEqual([
      201,
      {
        id: expect.any(Number),
        rate: '19.00',
        first_day: '2098-01-01',
        last_day: null,
        created_at: expect.any(String),
      },
    ]);
    expect((await list())[1]).toMatchObject({ rate: '18.00', last_day: '2097-12-31' });
    const [row] = await shop.sql(`select new_value from audit_log where entity_type = 'tax_rate'`);
    expect(row?.new_value).toMatchObject({ rate: 19, first_day: '2098-01-01' });
  });

  it('do not overlap: a day has one rate', async () => {
    const { status, body } = await add({ rate: '20.00', first_day: '2025-01-01' });
    expect([status, body.error.code]).toEqual([409, 'TAX_RATE_EXISTS']);
  });

  it('leave the days alone that receipts have used', async () => {
    const { id: userId } = await signInAs(shop);
    const lines = [{ productId: goods.products[0]!.id }];
    await placeOrder(shop, { userId, branchId: goods.storeId, lines, placedAt: '2026-03-01T10:00:00Z' });
    for (const first_day of ['2020-06-01', '2026-03-01']) {
      const { status, body } = await add({ rate: '20.00', first_day });
      expect([status, body.error.code]).toEqual([409, 'TAX_RATE_USED']);
      expect(body.error.details).toEqual({ last_receipt_on: '2026-03-01' });
    }
    expect((await add({ rate: '20.00', first_day: '2026-03-02' })).status).toBe(201);
  });
});

describe('a receipt', () => {
  it('has the rate of its day in the time zone of the shop', async () => {
    const { id: userId, token: customer } = await signInAs(shop);
    const rates = [];
    // Midnight of the new year is at 22:00 UTC.
    for (const placedAt of ['2024-12-31T21:59:59Z', '2024-12-31T22:00:00Z']) {
      const lines = [{ productId: goods.products[0]!.id }];
      const order = await placeOrder(shop, { userId, branchId: goods.storeId, lines, placedAt });
      const { number, vat } = (await receiptOf(shop, customer, order.id)).body.data;
      rates.push([number, vat[0].rate, vat[0].vat]);
    }
    // Of 7.90.
    expect(rates).toEqual([
      [`R${goods.storeId}-2024-000001`, '17.00', '1.15'],
      [`R${goods.storeId}-2025-000001`, '18.00', '1.21'],
    ]);
  });

  it('is not issued between the look at the receipts and the new rate', async () => {
    const product = await stockedProduct(shop, goods, { price: '11.80' });
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jerusalem' }).format(new Date());
    // What POST does, held open until the purchase waits for it.
    const steps = `perform add_tax_rate(50, '${today}')`;
    const { customer, id } = await overlap(shop, { steps }, () => buy(shop, goods, [[product, 1]]));
    expect((await receiptOf(shop, customer.token, id)).body.data.vat).toEqual([
      { rate: '50.00', net: '7.87', vat: '3.93' },
    ]);
  });
});
