import { beforeAll, describe, expect, it } from 'vitest';
import { newCustomer } from '../support/customer.ts';
import { signInAs } from '../support/factories.ts';
import { openFloor, placeOrder } from '../support/orders.ts';
import { askRefund, decideClaim, fileClaim, giveCredit } from '../support/paying-back.ts';
import { buy, pick, receiptOf, stockedProduct } from '../support/receipts.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let cola: number;
let apples: number;
let soap: number;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  floor = await openFloor(shop);
  cola = await stockedProduct(shop, goods, { name: 'Cola', sku: 'COLA', price: '7.90', deposit: '0.30' });
  apples = await stockedProduct(shop, goods, { name: 'Apples', sku: 'APPLES', price: '9.90', taxClass: 'ZERO' });
  soap = await stockedProduct(shop, goods, { name: 'Soap', sku: 'SOAP', price: '12.35' });
});

const read = async (token: string, id: number) => (await receiptOf(shop, token, id)).body.data;
const year = () => new Intl.DateTimeFormat('en', { timeZone: 'Asia/Jerusalem', year: 'numeric' }).format(new Date());

describe('a receipt', () => {
  it('says who sold what to whom, with VAT by rate, deposits apart, and how it was paid', async () => {
    const slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
    const { customer, id, total } = await buy(
      shop,
      goods,
      [
        [cola, 3],
        [apples, 2],
      ],
      { slotId },
    );
    const order = (await shop.request('GET', `/orders/${id}`, { token: customer.token })).body.data;
    const { status, body, trips } = await receiptOf(shop, customer.token, id);
    expect([status, trips]).toEqual([200, 1]);
    // 23.70 + 30.00 at 18 %: 53.70 × 18 / 118 = 8.1915…
    expect(body.data).toEqual({
      number: expect.stringMatching(new RegExp(`^R${goods.warehouseId}-${year()}-\\d{6}$`)),
      issued_at: order.created_at,
      order_number: order.order_number,
      currency: 'ILS',
      seller: { name: 'Mami Supermarket', address: '', tax_id: '' },
      customer: { name: expect.any(String), address: order.delivery.address },
      lines: [
        {
          name: 'Cola',
          sku: 'COLA',
          quantity: 3,
          grams: null,
          unit_price: '7.90',
          discount: '0.00',
          amount: '23.70',
          vat_rate: '18.00',
        },
        {
          name: 'Apples',
          sku: 'APPLES',
          quantity: 2,
          grams: null,
          unit_price: '9.90',
          discount: '0.00',
          amount: '19.80',
          vat_rate: '0.00',
        },
      ],
      deposits: [{ name: 'Cola', quantity: 3, amount: '0.90' }],
      delivery_fee: '30.00',
      discounts: [],
      vat: [
        { rate: '18.00', net: '45.51', vat: '8.19' },
        { rate: '0.00', net: '19.80', vat: '0.00' },
      ],
      total: '74.40',
      paid: [{ method: 'CARD', amount: '74.40' }],
      credit_notes: [],
    });
    expect(total).toBe('74.40');
    expect(order.items.map((item: any) => item.vat_rate)).toEqual(['18.00', '0.00']);
  });

  it('is there for its customer and for staff, and for nobody else', async () => {
    const { customer, id } = await buy(shop, goods, [[soap, 1]]);
    for (const { token } of [customer, floor.employee, floor.manager, floor.admin])
      expect((await receiptOf(shop, token, id)).status).toBe(200);
    const other = await receiptOf(shop, floor.customer.token, id);
    const absent = await receiptOf(shop, floor.customer.token, 2_000_000_000);
    expect([other.status, other.body.error.code]).toEqual([404, 'NOT_FOUND']);
    expect(other.body.error.message).toBe(absent.body.error.message);
  });

  it('is not ready before the capture', async () => {
    const { id: userId, token } = await signInAs(shop);
    const lines = [{ productId: soap }];
    const order = await placeOrder(shop, { userId, branchId: goods.storeId, lines, placedAt: null });
    expect((await receiptOf(shop, token, order.id)).status).toBe(404);
    // An order that is visible while its payment is not captured.
    await shop.sql('update orders set placed_at = now() where id = $1', [order.id]);
    const { status, body } = await receiptOf(shop, token, order.id);
    expect([status, body.error.code]).toEqual([409, 'RECEIPT_NOT_READY']);
    await shop.sql(`update payments set status = 'CAPTURED', captured_at = now() where order_id = $1`, [order.id]);
    expect((await receiptOf(shop, token, order.id)).status).toBe(200);
  });

  it('names what store credit paid', async () => {
    const customer = await newCustomer(shop);
    await giveCredit(shop, customer.id, '5.00');
    const { id } = await buy(shop, goods, [[soap, 1]], { customer, use_credit: true });
    expect((await read(customer.token, id)).paid).toEqual([
      { method: 'CARD', amount: '7.35' },
      { method: 'CREDIT', amount: '5.00' },
    ]);
    await giveCredit(shop, customer.id, '50.00');
    const all = await buy(shop, goods, [[soap, 1]], { customer, use_credit: true });
    expect((await read(customer.token, all.id)).paid).toEqual([{ method: 'CREDIT', amount: '12.35' }]);
  });

  it('stays as it was issued, whatever changes afterwards', async () => {
    const customer = await newCustomer(shop);
    const product = await stockedProduct(shop, goods, {
      name: 'Old name',
      sku: 'OLD-1',
      price: '5.00',
      deposit: '0.30',
    });
    const { id } = await buy(shop, goods, [[product, 2]], { customer });
    const before = await read(customer.token, id);
    const admin = { token: floor.admin.token };
    const changes: [string, string, object][] = [
      [
        'PATCH',
        `/admin/products/${product}`,
        { name: 'New name', sku: 'NEW-1', price: '9.00', deposit: null, tax_class: 'ZERO' },
      ],
      ['PUT', '/admin/settings', { seller_name: 'Another Ltd', seller_address: '1 Herzl', seller_tax_id: '512345678' }],
      ['PATCH', `/admin/users/${customer.id}`, { full_name: 'Somebody Else' }],
    ];
    for (const [method, path, body] of changes)
      expect((await shop.request(method, path, { ...admin, body })).status).toBe(200);
    expect(await read(customer.token, id)).toEqual(before);
    const next = await buy(shop, goods, [[product, 1]], { customer });
    expect(await read(customer.token, next.id)).toMatchObject({
      seller: { name: 'Another Ltd', address: '1 Herzl', tax_id: '512345678' },
      customer: { name: 'Somebody Else' },
      lines: [{ name: 'New name', sku: 'NEW-1', vat_rate: '0.00' }],
      deposits: [],
    });
    await shop.request('PUT', '/admin/settings', {
      ...admin,
      body: { seller_name: 'Mami Supermarket', seller_address: '', seller_tax_id: '' },
    });
  });

  it.each([
    'update receipts set total = 1',
    'update credit_notes set total = 1',
    'update tax_rates set rate = 1',
    'delete from receipts',
    'delete from credit_notes',
    'truncate credit_notes',
  ])('is append-only, also for the owner of the database: %s', async (statement) => {
    await expect(shop.sql(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a refund', () => {
  it('of picking makes credit notes of lines, with the deposits of missing units', async () => {
    const bought = await buy(shop, goods, [
      [cola, 4],
      [apples, 1],
      [soap, 1],
    ]);
    const cheap = await stockedProduct(shop, goods, { price: '10.00' });
    await pick(shop, floor.manager.token, bought, [
      { picked_status: 'MISSING' },
      undefined,
      { picked_status: 'REPLACED', replacement_product_id: cheap },
    ]);
    const receipt = await read(bought.customer.token, bought.id);
    expect(receipt.total).toBe('55.05');
    expect(receipt.credit_notes).toEqual([
      {
        number: expect.stringMatching(new RegExp(`^C${goods.storeId}-${year()}-\\d{6}$`)),
        issued_at: expect.any(String),
        amount: '32.80',
        reason: 'MISSING',
        lines: [{ name: 'Cola', sku: 'COLA', quantity: 4, amount: '31.60', deposit: '1.20', vat_rate: '18.00' }],
        deposit_total: '1.20',
        vat: [{ rate: '18.00', net: '26.78', vat: '4.82' }],
      },
      {
        number: expect.any(String),
        issued_at: expect.any(String),
        amount: '2.35',
        reason: 'REPLACEMENT',
        lines: [{ name: 'Soap', sku: 'SOAP', quantity: 1, amount: '2.35', deposit: '0.00', vat_rate: '18.00' }],
        deposit_total: '0.00',
        // 10.00 is left at 18 %, with 1.53 of VAT: the two notes have the rest of 6.70.
        vat: [{ rate: '18.00', net: '2.00', vat: '0.35' }],
      },
    ]);
    const [first, second] = receipt.credit_notes.map((note: any) => Number(note.number.split('-')[2]));
    expect(second).toBe(first + 1);
  });

  it('of a unit stays what it was when its line is replaced later, and picking notes the rest', async () => {
    const bread = await stockedProduct(shop, goods, { name: 'Bread', price: '5.00', taxClass: 'ZERO' });
    const bought = await buy(shop, goods, [
      [cola, 2],
      [soap, 1],
    ]);
    const { customer, id, items } = bought;
    await askRefund(shop, floor.manager.token, id, { items: [{ item_id: items[0]!.id, quantity: 1 }] });
    const [note] = (await read(customer.token, id)).credit_notes;
    expect(note.lines).toEqual([
      { name: 'Cola', sku: 'COLA', quantity: 1, amount: '7.90', deposit: '0.30', vat_rate: '18.00' },
    ]);
    await pick(shop, floor.manager.token, bought, [{ picked_status: 'REPLACED', replacement_product_id: bread }]);
    const [same, rest] = (await read(customer.token, id)).credit_notes;
    expect(same).toEqual(note);
    expect(rest).toMatchObject({ amount: '3.20', reason: 'REPLACEMENT', deposit_total: '0.30' });
    expect(rest.lines).toEqual([
      { name: 'Cola', sku: 'COLA', quantity: 1, amount: '2.90', deposit: '0.30', vat_rate: '18.00' },
    ]);
    const later = await askRefund(shop, floor.manager.token, id, { items: [{ item_id: items[0]!.id, quantity: 1 }] });
    expect(later.body.data.amount).toBe('5.00');
    expect((await read(customer.token, id)).credit_notes[2].lines).toEqual([
      { name: 'Cola', sku: 'COLA', quantity: 1, amount: '5.00', deposit: '0.00', vat_rate: '18.00' },
    ]);
  });

  it('of a unit that is missing later is noted once, with its deposit', async () => {
    const bought = await buy(shop, goods, [[cola, 3]]);
    const { customer, id, items } = bought;
    await askRefund(shop, floor.manager.token, id, { items: [{ item_id: items[0]!.id, quantity: 1 }] });
    await pick(shop, floor.manager.token, bought, [{ picked_status: 'PICKED', picked_quantity: 1 }]);
    const { credit_notes: notes } = await read(customer.token, id);
    expect(notes.map((note: any) => [note.amount, note.reason, note.deposit_total])).toEqual([
      ['8.20', 'STAFF', '0.30'],
      ['8.20', 'MISSING', '0.30'],
    ]);
    expect(notes[1].lines).toEqual([
      { name: 'Cola', sku: 'COLA', quantity: 1, amount: '7.90', deposit: '0.30', vat_rate: '18.00' },
    ]);
  });

  it('of the whole order takes back every part of the receipt', async () => {
    const { customer, id } = await buy(shop, goods, [
      [cola, 1],
      [apples, 1],
    ]);
    expect((await shop.request('POST', `/orders/${id}/cancel`, { token: customer.token })).status).toBe(200);
    const { total, vat, credit_notes: notes } = await read(customer.token, id);
    expect(notes).toMatchObject([{ amount: total, reason: 'CANCEL', lines: [], deposit_total: '0.30', vat }]);
  });

  it('of an amount lowers all prices alike, and touches no deposit', async () => {
    const { customer, id } = await buy(shop, goods, [
      [cola, 1],
      [apples, 1],
    ]);
    await askRefund(shop, floor.manager.token, id, { amount: '5.00' });
    const [note] = (await read(customer.token, id)).credit_notes;
    // 7.90 of 17.80 is 44.4 %.
    expect(note).toMatchObject({
      amount: '5.00',
      reason: 'STAFF',
      lines: [],
      deposit_total: '0.00',
      vat: [
        { rate: '18.00', net: '1.88', vat: '0.34' },
        { rate: '0.00', net: '2.78', vat: '0.00' },
      ],
    });
  });

  it('by claim, and as store credit, makes one too', async () => {
    const { customer, id, items } = await buy(shop, goods, [[cola, 2]]);
    await shop.sql(`update settings set claim_hours = 48`);
    await shop.sql(`update order_items set picked_status = 'PICKED' where order_id = $1`, [id]);
    await shop.sql(`update orders set status = 'DELIVERED', delivered_at = now() where id = $1`, [id]);
    const item_id = items[0]!.id;
    const claim = await fileClaim(shop, customer.token, id, [{ item_id, quantity: 1, problem: 'MISSING' }], 'CREDIT');
    expect(claim.body.data.amount).toBe('8.20');
    await decideClaim(shop, floor.manager.token, claim.body.data.id, [{ item_id, quantity: 1, approve: true }]);
    expect((await read(customer.token, id)).credit_notes).toMatchObject([
      {
        amount: '8.20',
        reason: 'CLAIM',
        deposit_total: '0.30',
        lines: [{ quantity: 1, amount: '7.90', deposit: '0.30' }],
      },
    ]);
  });

  it('that fails is taken back by a note of its own', async () => {
    const { customer, id } = await buy(shop, goods, [
      [cola, 1],
      [apples, 1],
    ]);
    await askRefund(shop, floor.manager.token, id, { amount: '5.00' });
    await shop.sql(`update refunds set status = 'FAILED', settled_at = now() where order_id = $1`, [id]);
    const { credit_notes: notes, total } = await read(customer.token, id);
    expect(notes.map((note: any) => [note.amount, note.reason])).toEqual([
      ['5.00', 'STAFF'],
      ['-5.00', 'REFUND_FAILED'],
    ]);
    // And all of it can be refunded again.
    await askRefund(shop, floor.manager.token, id, { amount: total });
    expect((await read(customer.token, id)).credit_notes[2]).toMatchObject({ amount: total, deposit_total: '0.30' });
  });
});

describe('the receipt as a page', () => {
  const html = (token: string, id: number, options = {}) =>
    receiptOf(shop, token, id, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', ...options });

  it('is what a browser gets; any other client gets JSON', async () => {
    const { customer, id } = await buy(shop, goods, [[cola, 1]]);
    const page = await html(customer.token, id);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('vary')).toBe('Origin, Accept, Accept-Language');
    expect(page.text).toMatch(/^<!doctype html>/);
    for (const accept of [undefined, '*/*', 'application/json', 'application/json, text/html;q=0.5', 'text/html;q=0']) {
      const { headers } = await receiptOf(shop, customer.token, id, accept ? { accept } : {});
      expect(headers.get('content-type'), accept).toBe('application/json');
    }
    const refused = await html(floor.customer.token, id);
    expect([refused.status, refused.body.error.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('is Hebrew from right to left, unless the customer asks for English', async () => {
    const { customer, id } = await buy(shop, goods, [[cola, 1]]);
    const directions = async (options: object) => {
      const { text } = await html(customer.token, id, options);
      return /<html lang="(\w+)" dir="(\w+)">/.exec(text)?.slice(1);
    };
    expect(await directions({})).toEqual(['he', 'rtl']);
    expect(await directions({ language: 'en-US,en;q=0.9,he;q=0.8' })).toEqual(['en', 'ltr']);
    expect(await directions({ language: 'fr,he;q=0.5,en;q=0.3' })).toEqual(['he', 'rtl']);
    expect(await directions({ language: 'en', lang: 'he' })).toEqual(['he', 'rtl']);
    await shop.sql(`update settings set receipt_language = 'en'`);
    expect(await directions({ language: 'fr' })).toEqual(['en', 'ltr']);
    await shop.sql(`update settings set receipt_language = 'he'`);
    const { status } = await receiptOf(shop, customer.token, id, { lang: 'xx' });
    expect(status).toBe(400);
  });

  it('loads nothing and runs nothing: its policy allows one style, by its hash', async () => {
    const name = `<script>alert('"&')</script>`;
    const product = await stockedProduct(shop, goods, { name, price: '5.00' });
    const { customer, id } = await buy(shop, goods, [[product, 1]]);
    const { text, headers } = await html(customer.token, id);
    expect(text).toContain('&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;');
    expect(text).not.toMatch(/<script|\son\w+=|\ssrc=|\shref=|\sstyle=|url\(|@import/);
    const style = /<style>([\s\S]*)<\/style>/.exec(text)![1]!;
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });

  it('shows every amount of the receipt, and what is left after credit notes', async () => {
    const { customer, id } = await buy(shop, goods, [
      [cola, 2],
      [apples, 1],
    ]);
    await askRefund(shop, floor.manager.token, id, { amount: '5.00' });
    const { text } = await html(customer.token, id, { lang: 'en' });
    const { number, credit_notes: notes } = await read(customer.token, id);
    for (const shown of [
      number,
      notes[0].number,
      'Cola',
      'APPLES',
      '₪7.90',
      '₪15.80',
      '₪0.60',
      '₪26.30',
      '-₪5.00',
      '₪21.30',
      '18%',
    ])
      expect(text.replaceAll(/[‎‏]/g, ''), shown).toContain(shown);
  });
});

describe('the settings of receipts', () => {
  const put = (body: object) => shop.request('PUT', '/admin/settings', { token: floor.admin.token, body });

  it('have defaults, and change one by one', async () => {
    const { body } = await shop.request('GET', '/admin/settings', { token: floor.admin.token });
    const defaults = { seller_name: 'Mami Supermarket', seller_address: '', seller_tax_id: '', receipt_language: 'he' };
    expect(body.data).toMatchObject(defaults);
    expect((await put({ seller_tax_id: '514000000' })).body.data).toMatchObject({
      ...defaults,
      seller_tax_id: '514000000',
    });
    expect((await put({ seller_tax_id: '' })).body.data).toMatchObject(defaults);
  });

  it.each([
    [{ seller_name: '' }, 'seller_name'],
    [{ seller_name: null }, 'seller_name'],
    [{ seller_name: 'Two\nlines' }, 'seller_name'],
    [{ seller_address: 'a'.repeat(201) }, 'seller_address'],
    [{ seller_tax_id: 'a\u202eb' }, 'seller_tax_id'],
    [{ receipt_language: 'fr' }, 'receipt_language'],
  ])('refuse %j', async (fields, path) => {
    const { status, body } = await put(fields);
    expect([status, body.error.details.errors[0].path]).toEqual([400, path]);
  });
});
