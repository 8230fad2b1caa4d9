import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MutationObserver, type QueryClient, QueryObserver } from '@tanstack/react-query';
import { ApiError, createClient } from '../src/index.ts';
import { idempotent } from '../src/react/idempotent.ts';
import {
  createQueryClient,
  getCartOptions,
  getCatalogProductsByIdOptions,
  getOrdersOptions,
  postAuthLogoutMutation,
  postCartItemsMutation,
  postCheckoutConfirmMutation,
  postCheckoutPreviewMutation,
} from '../src/react/index.ts';

const refusal = (status: number, code: string) =>
  Response.json({ error: { code, message: code, status_code: status, details: {} } }, { status });
const terms = { cart_id: 1, fulfillment_type: 'PICKUP', branch_id: 1, payment_token_id: 1 } as const;

/** An API that answers by path, a query client of its own, and what was asked. */
function shop(answers: Record<string, () => Response> = {}) {
  const asked: Request[] = [];
  const api = createClient({
    baseUrl: 'https://api.example.com',
    attempts: 1,
    fetch: async (request) => {
      asked.push(request);
      const { pathname } = new URL(request.url);
      return answers[pathname]?.() ?? Response.json({ data: pathname });
    },
  });
  const queryClient = createQueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const paths = () => asked.splice(0).map(({ url }) => new URL(url).pathname.replace('/api/v1/', ''));
  return { api, asked, paths, queryClient };
}

/** A component that shows these, for as long as the test runs. */
async function show(queryClient: QueryClient, ...options: { queryKey: readonly unknown[] }[]): Promise<void> {
  const observers = options.map((one) => new QueryObserver(queryClient, one as never));
  for (const observer of observers) observer.subscribe(() => {});
  await settled(queryClient);
}

async function settled(queryClient: QueryClient): Promise<void> {
  while (queryClient.isFetching() > 0) await new Promise((done) => setImmediate(done));
}

it('reads what a change has made stale again, and nothing else', async () => {
  const { api, paths, queryClient } = shop();
  await show(
    queryClient,
    getCartOptions({ client: api }),
    getOrdersOptions({ client: api }),
    getCatalogProductsByIdOptions({ client: api, path: { id: 7 } }),
  );
  assert.deepEqual(paths(), ['cart', 'orders', 'catalog/products/7']);
  const change = async (mutation: object, variables: object) => {
    await new MutationObserver<unknown, unknown, object>(queryClient, mutation).mutate(variables);
    await settled(queryClient);
    return paths().slice(1);
  };
  const body = { product_id: 1, quantity: 1 };
  assert.deepEqual(await change(postCartItemsMutation({ client: api }), { body }), ['cart']);
  assert.deepEqual(await change(postCheckoutPreviewMutation({ client: api }), { body: terms }), ['cart']);
  const headers = { 'Idempotency-Key': 'one' };
  assert.deepEqual(await change(postCheckoutConfirmMutation({ client: api }), { body: terms, headers }), [
    'cart',
    'orders',
    'catalog/products/7',
  ]);
});

it('shows nothing of a person who has signed out', async () => {
  let cart = () => Response.json({ data: { id: 1 } });
  const { api, queryClient } = shop({ '/api/v1/cart': () => cart() });
  await show(queryClient, getCartOptions({ client: api }));
  assert.equal(queryClient.getQueryData(getCartOptions({ client: api }).queryKey)?.data.id, 1);
  cart = () => refusal(401, 'AUTH_REQUIRED');
  await new MutationObserver(queryClient, postAuthLogoutMutation({ client: api })).mutate({});
  await settled(queryClient);
  assert.equal(queryClient.getQueryData(getCartOptions({ client: api }).queryKey), undefined);
});

it('throws refusals with a code that the types know, without asking again', async () => {
  const { api, asked, queryClient } = shop({ '/api/v1/cart': () => refusal(403, 'ROLE_NOT_ALLOWED') });
  const failure = await queryClient.fetchQuery(getCartOptions({ client: api })).catch((error: unknown) => error);
  assert.ok(failure instanceof ApiError);
  assert.deepEqual([failure.code, failure.error.code, failure.status], Array(2).fill('ROLE_NOT_ALLOWED').concat(403));
  assert.equal(asked.length, 1);
});

it('pays with one key until the outcome is known, however often it is clicked', async () => {
  const outcomes = [
    () => {
      throw new TypeError('fetch failed');
    },
    () => refusal(503, 'SERVICE_UNAVAILABLE'),
    () => Response.json({ data: { action: { type: 'REDIRECT' } } }, { status: 202 }),
    () => refusal(402, 'PAYMENT_DECLINED'),
    () => Response.json({ data: { order_id: 42 } }, { status: 201 }),
    () => Response.json({ data: { order_id: 43 } }, { status: 201 }),
  ];
  const { api, asked, queryClient } = shop({
    '/api/v1/checkout/confirm': () => outcomes[asked.length - 1]?.() ?? refusal(500, 'INTERNAL_ERROR'),
  });
  const click = () => {
    const pay = idempotent(postCheckoutConfirmMutation({ client: api }), queryClient);
    return new MutationObserver(queryClient, pay).mutate({ body: { ...terms } }).catch(() => {});
  };
  for (const _ of outcomes) await click();
  const keys = asked.map(({ headers }) => headers.get('idempotency-key'));
  assert.equal(new Set(keys.slice(0, 4)).size, 1);
  assert.equal(new Set(keys.slice(3)).size, 3);
});

it('keeps the key while TanStack Query repeats a mutation by itself', async () => {
  let attempts = 0;
  const { api, asked, queryClient } = shop({
    '/api/v1/checkout/confirm': () =>
      ++attempts < 3 ? refusal(503, 'SERVICE_UNAVAILABLE') : Response.json({ data: { order_id: 42 } }, { status: 201 }),
  });
  const pay = idempotent(postCheckoutConfirmMutation({ client: api }), queryClient);
  await new MutationObserver(queryClient, { ...pay, retry: 3, retryDelay: 0 }).mutate({ body: terms });
  assert.equal(asked.length, 3);
  assert.equal(new Set(asked.map(({ headers }) => headers.get('idempotency-key'))).size, 1);
});

it('says that a client has to be named', async () => {
  const { queryClient } = shop();
  await assert.rejects(queryClient.fetchQuery(getCartOptions()), /Name the client/);
});
