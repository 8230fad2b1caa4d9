import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type ApiError, createClient, type Session, unwrap } from '../src/index.ts';

const refusal = (status: number, code: string, headers = {}) =>
  Response.json({ error: { code, message: code, status_code: status, details: {} } }, { status, headers });

/** A client whose server answers these one after the other, and what was asked and waited for. */
function scripted(...answers: ((request: Request) => Response)[]) {
  const asked: Request[] = [];
  const waits: number[] = [];
  const client = createClient({
    baseUrl: 'https://api.example.com',
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
    fetch: async (request) => {
      asked.push(request);
      const answer = answers[asked.length - 1];
      if (!answer) throw new Error(`Nobody expected ${request.method} ${request.url}`);
      return answer(request);
    },
  });
  return { client, asked, waits };
}

const cart = () => Response.json({ data: { id: 1 } });
const limited = () => refusal(429, 'RATE_LIMITED', { 'Retry-After': '7' });
const outage = () => refusal(503, 'SERVICE_UNAVAILABLE', { 'Retry-After': '2' });

it('sends the access token of the session', async () => {
  const { client, asked } = scripted(cart);
  client.sessions.save({ access_token: 'A', refresh_token: 'R' });
  assert.equal(unwrap(await client.GET('/api/v1/cart')).data.id, 1);
  assert.equal(asked[0]?.headers.get('authorization'), 'Bearer A');
});

it('refreshes an expired token once for all who find it expired', async () => {
  let refreshes = 0;
  const client = createClient({
    baseUrl: 'https://api.example.com',
    fetch: async (request) => {
      if (request.url.endsWith('/auth/refresh')) {
        refreshes += 1;
        assert.deepEqual(await request.json(), { refresh_token: 'R1' });
        return Response.json({ data: { access_token: 'A2', refresh_token: 'R2' } });
      }
      const isFresh = request.headers.get('authorization') === 'Bearer A2';
      return isFresh ? cart() : refusal(401, 'TOKEN_EXPIRED');
    },
  });
  client.sessions.save({ access_token: 'A1', refresh_token: 'R1' });
  const answers = await Promise.all([1, 2, 3].map(() => client.GET('/api/v1/cart')));
  assert.deepEqual(
    answers.map(({ response }) => response.status),
    [200, 200, 200],
  );
  assert.equal(refreshes, 1);
  assert.deepEqual(client.sessions.load(), { access_token: 'A2', refresh_token: 'R2' });
});

it('refreshes once with a store that answers late, with what was there before', async () => {
  let stored: Session | undefined = { access_token: 'A1', refresh_token: 'R1' };
  let refreshes = 0;
  const later = () => new Promise((done) => setImmediate(done));
  const client = createClient({
    baseUrl: 'https://api.example.com',
    sessions: {
      async load() {
        const session = stored;
        for (let turn = 0; turn < 5; turn++) await later();
        return session;
      },
      async save(session) {
        await later();
        stored = session;
      },
    },
    fetch: async (request) => {
      if (!request.url.endsWith('/auth/refresh')) {
        return request.headers.get('authorization') === 'Bearer A2' ? cart() : refusal(401, 'TOKEN_EXPIRED');
      }
      refreshes += 1;
      return Response.json({ data: { access_token: 'A2', refresh_token: 'R2' } });
    },
  });
  const calls = [];
  for (let call = 0; call < 6; call++) {
    calls.push(client.GET('/api/v1/cart'));
    await later();
  }
  for (const { response } of await Promise.all(calls)) assert.equal(response.status, 200);
  assert.equal(refreshes, 1);
});

it('forgets a session that has ended', async () => {
  const { client } = scripted(() => refusal(401, 'AUTH_REQUIRED'));
  client.sessions.save({ access_token: 'A', refresh_token: 'R' });
  assert.throws(() => unwrap({ error: undefined, response: new Response() }));
  await assert.rejects(
    async () => unwrap(await client.GET('/api/v1/cart')),
    (error: ApiError) => error.code === 'AUTH_REQUIRED',
  );
  assert.equal(client.sessions.load(), undefined);
});

it('waits as long as a limit asks for, and sends the same body again', async () => {
  const { client, asked, waits } = scripted(limited, limited, cart);
  const body = { product_id: 1, quantity: 2 };
  assert.equal((await client.POST('/api/v1/cart/items', { body })).response.status, 200);
  assert.deepEqual(waits, [7000, 7000]);
  assert.deepEqual(await asked[2]?.json(), body);
});

it('gives up on limits that last', async () => {
  const long = () => refusal(429, 'RATE_LIMITED', { 'Retry-After': '3600' });
  const { client, waits } = scripted(long);
  assert.equal((await client.GET('/api/v1/cart')).response.status, 429);
  assert.deepEqual(waits, []);
});

it('repeats after an outage only what can be repeated', async () => {
  const read = scripted(outage, cart);
  assert.equal((await read.client.GET('/api/v1/cart')).response.status, 200);
  const write = scripted(outage);
  const body = { product_id: 1, quantity: 2 };
  assert.equal((await write.client.POST('/api/v1/cart/items', { body })).response.status, 503);
});

it('repeats a payment with its key until there is an answer', async () => {
  const busy = () => refusal(409, 'IDEMPOTENCY_IN_PROGRESS', { 'Retry-After': '1' });
  const { client, asked } = scripted(
    () => {
      throw new TypeError('fetch failed');
    },
    busy,
    () => Response.json({ data: { order_id: 42 } }),
  );
  const answer = await client.POST('/api/v1/checkout/confirm', {
    params: { header: { 'Idempotency-Key': 'one-purchase' } },
    body: { cart_id: 1, fulfillment_type: 'PICKUP', branch_id: 1, payment_token_id: 1 },
  });
  assert.equal(unwrap(answer).data.order_id, 42);
  assert.deepEqual(
    asked.map((request) => request.headers.get('idempotency-key')),
    Array(3).fill('one-purchase'),
  );
});

it('writes address and body so that nothing in them is lost', async () => {
  const { client, asked } = scripted(cart, cart, cart);
  await client.GET('/api/v1/catalog/products', { params: { query: { q: 'חלב & 3%', in_stock: true } } });
  await client.GET('/api/v1/catalog/products/by-barcode/{gtin}', { params: { path: { gtin: '4/2?x' } } });
  const form = new FormData();
  form.set('file', new Blob(['sku,price']), 'products.csv');
  await client.POST('/api/v1/admin/products/bulk', { body: form as never });
  const [search, scan, upload] = asked;
  assert.equal(new URL(search?.url ?? '').search, '?q=%D7%97%D7%9C%D7%91%20%26%203%25&in_stock=true');
  assert.equal(new URL(scan?.url ?? '').pathname, '/api/v1/catalog/products/by-barcode/4%2F2%3Fx');
  const file = (await upload?.formData())?.get('file');
  assert.ok(file instanceof Blob);
  assert.equal(await file.text(), 'sku,price');
});
