import { beforeAll, describe, expect, it } from 'vitest';
import { fill, openWorld, type World } from './support/calls/call.ts';
import { goodCalls } from './support/calls/index.ts';
import { operationAt, problemsWithBody } from './support/document.ts';
import { openShop } from './support/shop.ts';
import { standardShop } from './support/standard-shop.ts';

let world: World;
beforeAll(async () => {
  const shop = await openShop();
  world = await openWorld(shop, await standardShop(shop));
});

/** A good call of the route with some fields of its body changed. */
async function changed(route: string, change: Record<string, unknown>) {
  const [method = '', path = ''] = route.split(' ');
  const call = goodCalls[route];
  if (!call) throw new Error(`no good call of ${route}`);
  const { params, ...options } = await call(world);
  const good = options.body as Record<string, unknown>;
  const body = 'only' in change ? change.only : { ...good, ...change };
  const operation = operationAt(method, `/api/v1${fill(path, params)}`);
  if (!operation) throw new Error(`${route} is not documented`);
  const { status, text } = await world.shop.request(method, fill(path, params), { ...options, body });
  return { operation, body, good, status, text };
}

describe('the document is as strict as the API', () => {
  it.each<[route: string, change: Record<string, unknown>]>([
    ['PATCH /me', { only: {} }],
    ['PUT /me/addresses/{id}', { only: {} }],
    ['PATCH /admin/products/{id}', { only: {} }],
    ['PATCH /admin/categories/{id}', { only: {} }],
    ['PATCH /admin/branches/{id}', { only: {} }],
    ['PATCH /admin/delivery-slots/{id}', { only: {} }],
    ['PATCH /admin/users/{id}', { only: {} }],
    ['PUT /admin/settings', { only: {} }],
    ['PATCH /admin/inventory/{id}', { only: {} }],
    ['PATCH /admin/inventory/{id}', { only: { available_quantity: 1, delta: 1 } }],
    ['PATCH /admin/inventory/{id}', { only: { reason: 'counted' } }],
    ['POST /admin/products', { price: 0 }],
    ['POST /admin/products', { price: '0.00' }],
    ['POST /admin/products', { price: 10_000.01 }],
    ['POST /admin/products', { price: '10000.01' }],
    ['POST /admin/products', { price: '99999' }],
    ['POST /admin/products', { old_price: 100_001 }],
    ['POST /admin/products', { old_price: '100000.01' }],
    ['POST /ops/batches', { only: { order_ids: [1, 1] } }],
    ['POST /me/payment-tokens', { only: { provider: 'mockpay' } }],
    [
      'POST /me/payment-tokens',
      { only: { provider: 'mockpay', provider_token: 'tok_1', card_number: '4242424242424242' } },
    ],
    ['PATCH /ops/orders/{id}/items/{item_id}/picked-status', { only: { picked_status: 'REPLACED' } }],
    [
      'PATCH /ops/orders/{id}/items/{item_id}/picked-status',
      { only: { picked_status: 'PICKED', replacement_product_id: 1 } },
    ],
    ['PATCH /stock-requests/admin/{id}/resolve', { only: { status: 'REJECTED' } }],
    ['PATCH /stock-requests/admin/{id}/resolve', { only: { status: 'APPROVED', rejection_reason: 'no' } }],
  ])('about %s with %j', async (route, change) => {
    const { operation, body, good, status, text } = await changed(route, change);
    expect(status, text).toBe(400);
    expect(problemsWithBody(operation, body)).not.toEqual([]);
    expect(problemsWithBody(operation, good)).toEqual([]);
  });

  it.each([
    ['GET /catalog/products', 'offset', '2147483648'],
    ['GET /catalog/products', 'offset', '-1'],
    ['GET /admin/analytics/revenue', 'range', '3661d'],
    ['GET /admin/analytics/revenue', 'range', '121m'],
    ['GET /admin/analytics/revenue', 'range', '0d'],
    ['POST /checkout/confirm', 'idempotency-key', 'x'.repeat(129)],
    ['POST /admin/inventory/bulk', 'idempotency-key', 'two words'],
  ])('about %s with %s: %s', (route, name, value) => {
    const [method = '', path = ''] = route.split(' ');
    const parameters = operationAt(method, `/api/v1${path}`)?.parameters as any[];
    const { schema } = parameters.find((parameter) => parameter.name?.toLowerCase() === name);
    const number = Number(value);
    const isAllowed =
      (schema.pattern === undefined || new RegExp(schema.pattern).test(value)) &&
      (schema.maximum === undefined || number <= schema.maximum) &&
      (schema.minimum === undefined || number >= schema.minimum);
    expect(isAllowed, JSON.stringify(schema)).toBe(false);
  });
});
