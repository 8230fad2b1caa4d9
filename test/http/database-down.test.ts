import { beforeAll, describe, expect, test } from 'vitest';
import { signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

describe('a database that fails', () => {
  test.each([
    ['answers with an error', { mode: 'error' }],
    ['drops the connection', { mode: 'drop' }],
    ['loses its answer', { mode: 'drop', when: 'after' }],
  ] as const)('which %s is a 503 to try again, and nothing more', async (_, fault) => {
    const { token } = await signInAs(shop);
    await shop.fault(fault);
    const answer = await shop.request('GET', '/auth/me', { token });
    await shop.fault(null);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.body.error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', status_code: 503, details: {} });
    const again = await shop.request('GET', '/auth/me', { token });
    expect(again.status).toBe(200);
    expect(again.trips).toBe(1);
  });

  test('leaves the health check alone, which asks nothing of it', async () => {
    await shop.fault({ mode: 'error' });
    const answer = await shop.raw('GET', '/health');
    await shop.fault(null);
    expect(answer.status).toBe(200);
    expect(answer.trips).toBe(0);
  });
});
