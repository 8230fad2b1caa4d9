import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { after, afterEach, before, it } from 'node:test';
import { setupServer } from 'msw/node';
import { type ApiError, createClient, unwrap } from '../src/index.ts';
import { handler, handlers } from '../src/msw/index.ts';

interface Described {
  operationId: string;
  responses: Record<string, { content?: Record<string, { example?: unknown }> }>;
}

const text = await readFile(resolve(import.meta.dirname, '../../public/openapi.json'), 'utf8');
const document: { paths: Record<string, Record<string, Described>> } = JSON.parse(text);
const api = createClient({ baseUrl: 'https://api.example.com' });
const server = setupServer(...handlers());

before(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => server.resetHandlers());
after(() => server.close());

it('answers every operation with the example of the document', async () => {
  let answered = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { operationId, responses }] of Object.entries(methods)) {
      const { content } = responses['201'] ?? responses['200'] ?? responses['202'] ?? {};
      const url = `https://api.example.com${path.replace(/\{\w+\}/g, '7')}`;
      const response = await fetch(url, { method: method.toUpperCase() });
      if (!content) {
        assert.equal(response.status, 501, operationId);
        continue;
      }
      const [type = '', { example } = {}] = Object.entries(content)[0] ?? [];
      assert.match(response.headers.get('content-type') ?? '', new RegExp(`^${type}`), operationId);
      assert.deepEqual(type === 'application/json' ? await response.json() : await response.text(), example ?? '');
      answered += 1;
    }
  }
  assert.ok(answered > 190);
});

it('answers as a test asks it to', async () => {
  server.use(handler('getCart', ({ example }) => ({ data: { ...example.data, items: [] } })));
  assert.deepEqual(unwrap(await api.GET('/api/v1/cart')).data.items, []);
  server.resetHandlers();
  assert.equal(unwrap(await api.GET('/api/v1/cart')).data.items.length, 1);
  server.use(handler('getHealth', async ({ request }) => Response.json({ at: request.url })));
  const { response } = await api.GET('/health');
  assert.equal(response.status, 200);
});

it('refuses as the document says the operation does', async () => {
  server.use(handler('postCartItems', { refusal: 'OUT_OF_STOCK_ANYWHERE', details: { product_id: 1 } }));
  await assert.rejects(
    async () => unwrap(await api.POST('/api/v1/cart/items', { body: { product_id: 1, quantity: 2 } })),
    ({ code, status, details }: ApiError) =>
      code === 'OUT_OF_STOCK_ANYWHERE' && status === 409 && details.product_id === 1,
  );
  // @ts-expect-error A cart is never in transit.
  assert.ok(handler('postCartItems', { refusal: 'ORDER_IN_TRANSIT' }));
  // @ts-expect-error An answer has the shape of the document.
  assert.ok(handler('getCart', { data: { id: 'one' } }));
});
