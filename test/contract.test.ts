import { beforeAll, describe, expect, it } from 'vitest';
import { fill, openWorld, type World } from './support/calls/call.ts';
import { goodCalls, routes } from './support/calls/index.ts';
import { operationAt } from './support/document.ts';
import { openShop, type RequestOptions, type Shop, type ShopResponse } from './support/shop.ts';
import { standardShop } from './support/standard-shop.ts';

const ORIGIN = 'http://localhost:5173';
const JSON_TYPE = { 'content-type': 'application/json' };

let shop: Shop;
let world: World;
beforeAll(async () => {
  shop = await openShop();
  world = await openWorld(shop, await standardShop(shop));
});

const admin = (options: RequestOptions = {}): RequestOptions => ({ token: world.staff.ADMIN.token, ...options });

const refusal = ({ status, body }: ShopResponse) => [status, body?.error?.code];
const INVALID = [400, 'VALIDATION_ERROR'];

/** Lists that the existing console reads in one page. */
const READ_WHOLE: Record<string, { normal: number; cap: number }> = {
  'GET /admin/delivery-slots': { normal: 1000, cap: 1000 },
  'GET /admin/inventory': { normal: 20, cap: 10_000 },
};

type Change = Omit<RequestOptions, 'body'> & { params?: Record<string, unknown>; body?: unknown };

/** Makes a call that would succeed, but for what each change breaks. */
async function prepared(name: string) {
  const { method, path } = routes.find((one) => one.name === name)!;
  const call: Change = await goodCalls[name]!(world);
  return (change: (call: Change) => Change = () => ({})): Promise<ShopResponse> => {
    const { params, ...options } = { ...call, ...change(call) };
    return shop.request(method, fill(path, params as Record<string, string>), options);
  };
}

const keptCalls = new Map<string, ReturnType<typeof prepared>>();

/** For what is refused or only read: the call stays as good as it was, so one of each route is enough. */
function keptCall(name: string): ReturnType<typeof prepared> {
  const kept = keptCalls.get(name) ?? prepared(name);
  keptCalls.set(name, kept);
  return kept;
}

const problemsOf = ({ body }: ShopResponse): { path: string }[] => body.error.details.errors;

describe('paths and methods', () => {
  const methodsAt = Object.entries(Object.groupBy(routes, ({ path }) => path));
  const all = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

  it.each(methodsAt)('%s names its methods when it is called by another', async (path, declared) => {
    const known = routes
      .filter((other) => fits(other.path, fill(path, {}).split('/')))
      .concat(declared!)
      .map(({ method }) => method);
    const allowed = all.filter((method) => known.includes(method));
    const filled = path.replaceAll(/\{.+?\}/g, '1');
    for (const method of all.filter((one) => !allowed.includes(one))) {
      const answer = await shop.request(method, filled);
      expect(refusal(answer)).toEqual([405, 'METHOD_NOT_ALLOWED']);
      expect(answer.headers.get('allow')!.split(', ')).toEqual(expect.arrayContaining(declared!.map((d) => d.method)));
    }
  });

  it.each(['/api/v1/nothing', '/api/v1', '/api/v2/auth/login', '/nothing', '/api/v1/auth/login/more', '/api/v1/%00'])(
    '%s is not there',
    async (path) => {
      const answer = await shop.raw('GET', path);
      expect(refusal(answer)).toEqual([404, 'NOT_FOUND']);
      expect(answer.body.error).toMatchObject({ status_code: 404, details: {}, message: expect.any(String) });
    },
  );

  it.each([
    ['POST', '/orders//cancel'],
    ['GET', '/orders//events'],
    ['DELETE', '/orders//cancel'],
  ])('%s %s is not there: nothing has an empty id', async (method, path) => {
    expect(refusal(await shop.request(method, path))).toEqual([404, 'NOT_FOUND']);
  });

  it('takes a trailing slash', async () => {
    expect((await shop.raw('GET', '/api/v1/branches/')).status).toBe(200);
  });
});

const fits = (path: string, asked: string[]): boolean => {
  const parts = path.split('/');
  return parts.length === asked.length && parts.every((part, i) => part.startsWith('{') || part === asked[i]);
};

describe('headers', () => {
  const answers: [string, () => Promise<ShopResponse>][] = [
    ['a success', () => shop.request('GET', '/branches')],
    ['a refusal', () => shop.request('GET', '/cart')],
    ['an unknown path', () => shop.raw('GET', '/nothing')],
    ['another method', () => shop.request('DELETE', '/branches')],
    ['health', () => shop.raw('GET', '/health')],
    ['a failure', () => shop.request('GET', '/branches', { env: { JWT_SECRET_KEY: 'short' } })],
  ];

  it.each(answers)('of %s guard the browser', async (_, call) => {
    const { headers } = await call();
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'strict-transport-security': expect.stringMatching(/max-age=\d{7,}/),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it.each(answers)('of %s carry a request id, a sane incoming one', async (_, call) => {
    const [one, other] = [(await call()).headers.get('x-request-id'), (await call()).headers.get('x-request-id')];
    expect(one).toMatch(/^[\w.-]{1,128}$/);
    expect(other).not.toBe(one);
  });

  it('keep a sane request id and replace any other', async () => {
    const sent = async (id: string) =>
      (await shop.request('GET', '/branches', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    for (const id of ['checkout-42.retry_1', 'req-1', 'x'.repeat(128)]) expect(await sent(id)).toBe(id);
    for (const id of ['a b c d e f g h', '<script>alert(1)</script>', 'x'.repeat(129)]) {
      expect(await sent(id)).not.toBe(id);
    }
  });

  it('let the origins of the configuration in, and no other', async () => {
    const from = async (origin: string) => (await shop.request('GET', '/branches', { headers: { origin } })).headers;
    const allowed = await from(ORIGIN);
    expect(allowed.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(allowed.get('vary')).toMatch(/origin/i);
    const exposed = allowed.get('access-control-expose-headers');
    const quota = ['RateLimit', 'RateLimit-Policy', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];
    expect(exposed!.split(',')).toEqual(expect.arrayContaining(['X-Request-Id', 'Retry-After', ...quota]));
    for (const origin of ['https://evil.example', 'http://localhost:5173.evil.example', 'null']) {
      expect((await from(origin)).get('access-control-allow-origin')).toBeNull();
    }
  });

  it('let an allowed origin read refusals too', async () => {
    const { headers, status } = await shop.request('GET', '/cart', { headers: { origin: ORIGIN } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([401, ORIGIN]);
  });

  it('answer a preflight before anything else', async () => {
    const preflight = (origin: string) =>
      shop.request('OPTIONS', '/checkout/confirm', {
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,idempotency-key',
        },
      });
    const allowed = await preflight(ORIGIN);
    expect([allowed.status, allowed.trips]).toEqual([204, 0]);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(allowed.headers.get('access-control-allow-methods')).toContain(method);
    }
    for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key']) {
      expect(allowed.headers.get('access-control-allow-headers')).toContain(name);
    }
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(routes.filter(({ route }) => route.roles))(
    'of $name forbid to keep what a user is told',
    async (declared) => {
      const { headers } = await (await prepared(declared.name))();
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );
});

describe('bodies', () => {
  const withBodies = routes.filter(({ route }) => route.spec.body);

  it.each(withBodies)('$name refuses a field it does not know', async ({ name }) => {
    const call = await keptCall(name);
    const answer = await call(({ body }) => ({ body: { ...(body as object), no_such_field: 1 } }));
    expect(refusal(answer)).toEqual(INVALID);
    expect(JSON.stringify(problemsOf(answer))).toContain('no_such_field');
  });

  it.each(withBodies)('$name refuses what is no JSON object in UTF-8', async ({ name, route }) => {
    const call = await keptCall(name);
    const send = (rawBody: BodyInit, headers: Record<string, string> = JSON_TYPE) =>
      call((good) => ({ body: undefined, rawBody, headers: { ...good.headers, ...headers } }));
    for (const text of ['{"a": 1', '{a: 1}', '[]', '"text"', '12', '{} {}', 'null {}', '\uFEFF\uFEFF{}']) {
      expect(refusal(await send(text)), text).toEqual(INVALID);
    }
    if (!route.spec.bodyOptional) expect(refusal(await send('null'))).toEqual(INVALID);
    expect(refusal(await send(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])))).toEqual(INVALID);
    expect(refusal(await send(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`))).toEqual(INVALID);
    if (!route.spec.bodyOptional) expect(refusal(await send(''))).toEqual(INVALID);
    expect(refusal(await send('{}', { 'content-type': 'text/plain' }))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(refusal(await send('a=1', { 'content-type': 'application/x-www-form-urlencoded' }))[0]).toBe(415);
    const large = `{"a":"${'x'.repeat(1024 * 1024)}"}`;
    expect(refusal(await send(large))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(refusal(await send(large, { 'content-type': 'text/plain' }))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  const withBodiesOrFiles = routes.filter(({ route }) => route.spec.body || route.spec.upload);

  it.each(withBodiesOrFiles)('$name refuses an encoded body', async ({ name, route }) => {
    const call = await keptCall(name);
    const zipped = async () => {
      const { readable, writable } = new CompressionStream('gzip');
      void new Response('{"a": 1}').body!.pipeTo(writable);
      return new Response(readable).arrayBuffer();
    };
    const type = route.spec.upload ? { 'content-type': 'multipart/form-data; boundary=x' } : JSON_TYPE;
    for (const encoding of ['gzip', 'br', 'DEFLATE', 'x-gzip', 'identity, gzip']) {
      const rawBody = await zipped();
      const answer = await call((good) => ({
        body: undefined,
        rawBody,
        headers: { ...good.headers, ...type, 'content-encoding': encoding },
      }));
      expect(refusal(answer), encoding).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    }
  });

  it('takes a body whose encoding is identity', async () => {
    const rawBody = '{"email": "nobody@example.com"}';
    const headers = { ...JSON_TYPE, 'content-encoding': 'Identity' };
    expect((await shop.request('POST', '/auth/forgot-password', { rawBody, headers })).status).toBe(200);
  });

  it.each(withBodies.filter(({ route }) => route.spec.bodyOptional))(
    '$name takes null, sent by clients that have no body, for none',
    async ({ name, route }) => {
      const { status } = await (await prepared(name))(({ headers, token, body }) => ({
        // A token to refresh comes in the header then.
        token: token ?? (body as { refresh_token?: string }).refresh_token,
        body: null,
        headers: { ...headers, ...JSON_TYPE },
      }));
      expect(status).toBe(route.spec.status ?? 200);
    },
  );

  it('lists every problem of a request with its place, and names the first in its message', async () => {
    const body = { email: 'nobody', password: 'short', full_name: '1' };
    const answer = await shop.request('POST', '/auth/register', { body });
    expect(new Set(problemsOf(answer).map(({ path }) => path))).toEqual(new Set(['email', 'password', 'full_name']));
    expect(answer.body.error.message).toBe('email: must be an email address');
    const query = await shop.request('GET', '/catalog/products', { query: { limit: 'many' } });
    expect(query.body.error.message).toBe('query.limit: must be a whole number');
    const { body: none } = await shop.request('POST', '/auth/login', { rawBody: '', headers: JSON_TYPE });
    expect(none.error.message).toBe('body: A JSON body is required.');
  });

  it('takes charset and suffix of the media type', async () => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.api+json']) {
      const options = { rawBody: '{"email":"nobody@example.com"}', headers: { 'content-type': type } };
      expect((await shop.request('POST', '/auth/forgot-password', options)).status).toBe(200);
    }
    // Not a body that is read as nothing.
    const doubtful = { rawBody: '{"email":"nobody@example.com"}', headers: { 'content-type': 'application/a+b+json' } };
    expect(refusal(await shop.request('POST', '/auth/forgot-password', doubtful))).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ]);
  });

  it('takes an upload as a form only', async () => {
    const send = (options: RequestOptions) => shop.request('POST', '/admin/inventory/bulk', admin(options));
    expect(refusal(await send({ body: { file: 'x' } }))[0]).toBe(415);
    const empty = new FormData();
    empty.set('other', 'x');
    expect(refusal(await send({ rawBody: empty }))).toEqual(INVALID);
    const large = new FormData();
    large.set('file', new File(['x'.repeat(5 * 1024 * 1024 + 1)], 'stock.csv'));
    expect(refusal(await send({ rawBody: large }))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });
});

describe('ids and queries', () => {
  const NO_IDS = ['0', '-1', '2147483648', 'abc', '1.5', '1e3', '%20', '01', '٣', '9'.repeat(30)];

  // What is no id, such as the name of a provider, is merely not found.
  it.each(routes.filter(({ path }) => /\{(id|\w+_id)\}/.test(path)))(
    '$name refuses an id that is none',
    async ({ name, path }) => {
      const call = await keptCall(name);
      for (const [, param = ''] of path.matchAll(/\{(.+?)\}/g)) {
        for (const id of NO_IDS) {
          const answer = await call(({ params }) => ({ params: { ...params, [param]: id } }));
          expect(refusal(answer), id).toEqual(INVALID);
          expect(problemsOf(answer)[0]!.path).toBe(`param.${param}`);
        }
      }
    },
  );

  const queries = routes.flatMap(({ name, route }) =>
    Object.keys(route.spec.query?.shape ?? {}).map((key) => ({ name, key, route })),
  );

  it.each(queries.filter(({ key }) => /(^|_)id$/.test(key)))(
    '$name refuses a $key that is none',
    async ({ name, key }) => {
      const call = await keptCall(name);
      for (const id of NO_IDS) expect(refusal(await call(() => ({ query: { [key]: id } }))), id).toEqual(INVALID);
    },
  );

  it.each(queries.filter(({ key }) => key === 'limit'))('$name bounds its limit', async ({ name, route }) => {
    const call = await keptCall(name);
    const asking = (limit: string) => call((good) => ({ query: { ...good.query, limit } }));
    for (const limit of ['0', '-1', 'abc', '1.5', '']) {
      expect(refusal(await asking(limit)), limit).toEqual(INVALID);
    }
    const most = await asking('100000');
    expect(most.status).toBe(200);
    if (route.spec.paged) expect(most.body.meta.limit).toBe(READ_WHOLE[name]?.cap ?? 100);
    expect((await asking('9'.repeat(20))).body).toEqual(most.body);
    expect((await asking('1')).body[route.spec.paged ? 'meta' : 'data']).toBeDefined();
  });

  it.each(queries.filter(({ key }) => key === 'offset'))('$name bounds its offset', async ({ name, route }) => {
    const call = await keptCall(name);
    const asking = (offset: string) => call((good) => ({ query: { ...good.query, offset } }));
    for (const offset of ['-1', 'abc', '1.5', '2147483648']) expect(refusal(await asking(offset))).toEqual(INVALID);
    const beyond = await asking('2147483647');
    expect(beyond.status).toBe(200);
    if (route.spec.paged) expect([beyond.body.data, beyond.body.meta.has_next]).toEqual([[], false]);
  });

  it.each(queries.filter(({ key }) => key.includes('_')))('$name takes $key in camelCase', async ({ name, key }) => {
    const camel = key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const call = await keptCall(name);
    const [snake, other] = [
      await call(() => ({ query: { [key]: '\u0001' } })),
      await call(() => ({ query: { [camel]: '\u0001' } })),
    ];
    expect([other.status, other.body.error]).toEqual([snake.status, snake.body.error]);
    expect(problemsOf(other).map(({ path }) => path)).toContain(`query.${key}`);
  });

  it('takes a key in both notations when both say the same', async () => {
    const asking = (query: string) => shop.request('GET', `/catalog/products?${query}`);
    expect((await asking('category_id=1&categoryId=1')).body).toEqual((await asking('category_id=1')).body);
    expect(refusal(await asking('category_id=1&categoryId=2'))).toEqual(INVALID);
  });

  it.each(routes.filter(({ route }) => route.spec.paged))('$name answers an envelope with meta', async ({ name }) => {
    const { body, status } = await (await prepared(name))();
    const limit = READ_WHOLE[name]?.normal ?? 20;
    expect(status).toBe(200);
    expect(body.meta).toEqual({
      total: expect.any(Number),
      limit,
      offset: 0,
      has_next: body.meta.total > limit,
    });
    expect(body.data.length).toBe(Math.min(limit, body.meta.total));
  });
});

describe('health', () => {
  it.each(['/health', '/api/v1/health'])('%s answers without touching anything', async (path) => {
    const { status, body, trips } = await shop.raw('GET', path);
    expect([status, body, trips]).toEqual([200, { data: { status: 'ok' } }, 0]);
    expect(operationAt('GET', path)).toBeDefined();
  });

  it('may be asked by a page of an allowed origin', async () => {
    const { headers } = await shop.raw('GET', '/api/v1/health', { headers: { origin: ORIGIN } });
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });

  it('is ready with a database, and names what is missing', async () => {
    expect(await shop.raw('GET', '/health/ready')).toMatchObject({ status: 200, trips: 1 });
    const answer = await shop.raw('GET', '/health/ready', { env: { DATABASE_URL: undefined } });
    expect(answer).toMatchObject({
      status: 503,
      body: { error: { details: { checks: { configuration: 'failed' } } } },
    });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });
});
