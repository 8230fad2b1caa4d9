import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import collection from '../docs/postman-collection.json?raw';
import committed from '../public/openapi.json?raw';
import { collectionOf } from '../scripts/openapi/collection.ts';
import { documentOf, textOf } from '../scripts/openapi/document.ts';
import { features } from '../src/app.ts';
import { methods, operationAt, operations, problemsWith } from './support/document.ts';

describe('the OpenAPI document', () => {
  it('is the one that the routes describe', () => {
    const document = documentOf(features);
    expect(textOf(document) === committed, 'public/openapi.json is stale: npm run openapi').toBe(true);
    expect(textOf(collectionOf(document)) === collection, 'the collection is stale: npm run openapi').toBe(true);
  });

  it('has every declared route, with its roles', () => {
    const declared = features.flatMap(({ basePath, routes }) =>
      routes.map(({ spec, roles }) => [`${spec.method} /api/v1${basePath}${spec.path}`, roles ?? undefined]),
    );
    const documented = operations.map(({ method, path, operation }) => [`${method} ${path}`, operation['x-roles']]);
    expect(documented).toEqual(expect.arrayContaining(declared));
    expect(documented).toHaveLength(declared.length + 3);
  });

  it('takes a language wherever customers and pickers read what a product is called', () => {
    const namesProducts = ({ returns }: (typeof features)[number]['routes'][number]['spec']) =>
      /"(product_name|replacement_name|sku)":/.test(
        JSON.stringify(z.toJSONSchema(returns, { io: 'output', unrepresentable: 'any' })),
      );
    const inMainTexts = features.flatMap(({ basePath, routes }) =>
      routes
        .filter(({ spec }) => namesProducts(spec) && !spec.translated)
        .map(({ spec }) => `${spec.method} ${basePath}${spec.path}`),
    );
    // Records of what was, and what the administration edits.
    expect(inMainTexts.filter((route) => !/ \/admin\//.test(route)).sort()).toEqual([
      'get /me/export',
      'get /ops/inventory',
      'get /orders/{id}/events',
      'get /orders/{id}/receipt',
      'patch /ops/inventory/{id}',
    ]);
  });

  it('names the rate limit of each route', () => {
    const noteOf = ({ operation }: (typeof operations)[number]) =>
      /Rate limit: (?:`(\w+)`|(\d+ per minute|none))/
        .exec(operation.description ?? '')
        ?.slice(1)
        .find(Boolean);
    const limited = operations.filter(({ path }) => path.startsWith('/api/v1/'));
    const named = (note: string) =>
      limited
        .filter((one) => noteOf(one) === note)
        .map(({ method, path }) => `${method} ${path.slice('/api/v1'.length)}`);
    expect(limited.filter((one) => noteOf(one) === undefined)).toEqual([]);
    expect(named('RATE_LIMIT_DEFAULTS').sort()).toEqual([
      'delete /auth/totp',
      'delete /me',
      'post /auth/change-password',
      'post /auth/refresh',
      'post /auth/register',
      'post /auth/reset-password',
      'post /auth/totp/verify',
      'post /catalog/products/{id}/reviews',
    ]);
    expect(named('5 per minute')).toEqual(['post /auth/login', 'post /auth/login/totp', 'post /auth/forgot-password']);
    expect(named('none')).toEqual(['post /webhooks/payments/{provider}']);
    expect(named('3 per minute')).toEqual(['post /auth/register/send-otp']);
    expect(named('10 per minute')).toEqual(['post /auth/register/verify-otp']);
    for (const { method, operation, ...one } of limited) {
      const note = noteOf({ method, operation, ...one });
      const roles = operation['x-roles'];
      if (note === 'RATE_LIMIT_BROWSE') expect([method, roles]).toEqual(['get', undefined]);
      if (note === 'RATE_LIMIT_SHOP') expect(roles).toContain('CUSTOMER');
      if (note === 'RATE_LIMIT_STAFF') expect(roles).not.toContain('CUSTOMER');
    }
  });

  it('holds answers to what it says', () => {
    const me = operationAt('GET', '/api/v1/auth/me')!;
    const user = { id: 1, email: 'dana@example.com', full_name: 'Dana Levi', phone: null, role: 'CUSTOMER' };
    expect(problemsWith(me, 200, { data: user })).toEqual([]);
    for (const wrong of [
      { ...user, password_hash: 'x' },
      { ...user, role: 'OWNER' },
      { ...user, email: undefined },
    ]) {
      expect(problemsWith(me, 200, JSON.parse(JSON.stringify({ data: wrong })))).not.toEqual([]);
    }
    expect(problemsWith(me, 201, { data: user })).not.toEqual([]);
    expect(problemsWith(me, 404, { error: { code: 'NOT_FOUND' } })).not.toEqual([]);
  });

  it('names each operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(methods).toEqual(expect.arrayContaining(operations.map(({ method }) => method)));
  });

  it.each(features.flatMap(({ basePath, routes }) => routes.map((route) => ({ basePath, ...route }))))(
    'shows a body that the route takes: $spec.method $basePath$spec.path',
    ({ basePath, spec }) => {
      const found = operations.find(
        ({ method, path }) => method === spec.method && path === `/api/v1${basePath}${spec.path}`,
      );
      const example = found?.operation.requestBody?.content['application/json']?.example;
      if (spec.body) expect(spec.body.safeParse(example).error?.issues ?? []).toEqual([]);
    },
  );

  it.each(operations)('shows answers that fit their schemas: $method $path', ({ operation }) => {
    for (const [status, response] of Object.entries(operation.responses)) {
      const file = response.content?.['text/csv'];
      const { example, examples = {} } = file ?? response.content?.['application/json'] ?? {};
      const shown = example === undefined ? Object.values(examples).map(({ value }) => value) : [example];
      if (!file) for (const value of shown) expect(problemsWith(operation, Number(status), value), status).toEqual([]);
      if (!['101', '304'].includes(status)) expect(shown.length, status).toBeGreaterThan(0);
    }
  });
});
