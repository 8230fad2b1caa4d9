import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openShop, type Shop } from './support/shop.ts';
import { standardShop } from './support/standard-shop.ts';

// By pattern, because the types of the client are there only once it has been built.
const examples = import.meta.glob('../client/example/*.ts');
const origin = 'http://localhost:8787';
const elsewhere = globalThis.fetch;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await standardShop(shop);
  globalThis.fetch = async (input, init) => {
    if (!(input instanceof Request) || !input.url.startsWith(origin)) return elsewhere(input, init);
    const { status, headers, text } = await shop.raw(input.method, input.url.slice(origin.length), {
      headers: Object.fromEntries(input.headers),
      ...(input.body && { rawBody: await input.text() }),
    });
    return new Response(text, { status, headers });
  };
});
afterAll(() => {
  globalThis.fetch = elsewhere;
});

it('the example of the client registers, shops, pays, follows the order, cancels it and orders again', async () => {
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  await examples['../client/example/shop.ts']!();
  const lines = said.mock.calls.map(([line]) => String(line)).filter((line) => !line.startsWith('{'));
  said.mockRestore();
  expect(lines.join('\n')).toMatch(
    /^Registered Dana Levi.+2 × Fresh milk 3% at 7.90.+Paid \d+\.\d\d: order .+CREATED, \d units.+CANCELED at/s,
  );
  expect(lines.at(-1)).toBe('The same again: 3 products in the cart, 0 not to be had');
  const [order] = await shop.sql('select status, placed_at is not null as paid from orders');
  expect(order).toEqual({ status: 'CANCELED', paid: true });
});
