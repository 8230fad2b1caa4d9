import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { pictureAt, Site, sizes } from './site.ts';

// The printed receipt in the Chromium of the system: thirty lines on one page of A4, legible on a phone, in Hebrew and English.
const port = Number(process.env.PORT ?? 8797);
const LINES = 30;

let site: Site;
let token: string;
let receipt: string;
before(
  async () => {
    site = await Site.open(port);
    const { access_token } = await call('POST', '/auth/login', { email: 'customer@mami.local', password: 'Password1' });
    token = access_token;
    receipt = await buyThirty();
  },
  { timeout: 120_000 },
);
after(() => site?.close());

async function call(method: string, path: string, body?: object) {
  const response = await fetch(`${site.origin}/api/v1${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  assert.ok(response.ok, JSON.stringify(answer));
  return (answer as { data: any }).data;
}

/** Buys thirty products, with fruit, vegetables and bottles among them; answers the path of the receipt. */
async function buyThirty(): Promise<string> {
  const branch_id = (await call('GET', '/branches'))[0].id;
  await call('DELETE', '/cart');
  const found = [
    'water',
    'cola',
    'juice',
    'tomato',
    'apple',
    'milk',
    'חלב',
    'bread',
    'cheese',
    'rice',
    'chocolate',
  ].map((q) =>
    call('GET', `/catalog/products?q=${encodeURIComponent(q)}&branch_id=${branch_id}&in_stock=true&limit=5`),
  );
  const products = new Map((await Promise.all(found)).flat().map((product) => [product.id, product]));
  const chosen = [...products.values()].filter((product) => product.branch_available_quantity >= 3).slice(0, LINES);
  assert.equal(chosen.length, LINES);
  let cart = await call('GET', '/cart');
  for (const [index, { id }] of chosen.entries())
    cart = await call('POST', '/cart/items', { product_id: id, quantity: 1 + (index % 3) });
  const [card] = await call('GET', '/me/payment-tokens');
  const { order_id } = await call('POST', '/checkout/confirm', {
    cart_id: cart.id,
    fulfillment_type: 'PICKUP',
    branch_id,
    payment_token_id: card.id,
  });
  return `/api/v1/orders/${order_id}/receipt`;
}

async function open(size: keyof typeof sizes, language: 'he' | 'en', path = receipt) {
  const opened = await site.page({
    viewport: sizes[size],
    extraHTTPHeaders: { authorization: `Bearer ${token}`, accept: 'text/html' },
  });
  const response = await opened.page.goto(`${site.origin}${path}?lang=${language}`);
  assert.equal(response?.status(), 200);
  return opened;
}

for (const language of ['he', 'en'] as const) {
  it(`prints on one page of A4 in ${language}`, async () => {
    const { page, complaints } = await open('desktop', language);
    assert.equal((await page.locator('.lines tbody tr').count()) >= LINES, true);
    assert.equal(await page.evaluate('getComputedStyle(document.body).direction'), language === 'he' ? 'rtl' : 'ltr');
    const path = pictureAt(`receipt-${language}.pdf`);
    const pdf = await page.pdf({ preferCSSPageSize: true, ...(path && { path }) });
    assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, 1);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it(`fits a phone in ${language}, in letters that can be read`, async () => {
    const { page, complaints } = await open('phone', language);
    const path = pictureAt(`receipt-phone-${language}.png`);
    if (path) await page.screenshot({ path, fullPage: true });
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), sizes.phone.width);
    const smallest = await page.evaluate(
      `Math.min(...[...document.querySelectorAll('body *')].map((node) => parseFloat(getComputedStyle(node).fontSize)))`,
    );
    assert.ok(Number(smallest) >= 12, `${smallest}px`);
    assert.deepEqual(complaints, []);
    await page.close();
  });
}

it('shows credit notes, and what is left after them', async () => {
  const orders: { id: number; payment_status: string }[] = await call('GET', '/orders?limit=100');
  const refunded = orders.find((order) => order.payment_status === 'PARTLY_REFUNDED');
  assert.ok(refunded);
  const { page, complaints } = await open('phone', 'he', `/api/v1/orders/${refunded.id}/receipt`);
  const path = pictureAt('receipt-credit-notes.png');
  if (path) await page.screenshot({ path, fullPage: true });
  assert.match((await page.textContent('section')) ?? '', /חשבוניות זיכוי[\s\S]*סה״כ לאחר זיכויים/);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), sizes.phone.width);
  assert.deepEqual(complaints, []);
  await page.close();
});
