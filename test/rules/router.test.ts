import { describe, expect, it } from 'vitest';
import { RememberingRouter } from '../../src/http/router.ts';

function router() {
  const routes = new RememberingRouter<string>();
  routes.add('ALL', '/*', 'middleware');
  routes.add('GET', '/products/:id', 'product');
  return routes;
}

const handlersOf = (routes: RememberingRouter<string>, method: string, path: string) =>
  routes.match(method, path)[0].map(([handler]) => handler);

describe('the router', () => {
  it('answers a path the second time as it did the first time', () => {
    const routes = router();
    for (let turn = 0; turn < 2; turn++) {
      expect(handlersOf(routes, 'GET', '/products/7')).toEqual(['middleware', 'product']);
      expect(handlersOf(routes, 'POST', '/products/7')).toEqual(['middleware']);
      expect(handlersOf(routes, 'GET', '/nothing')).toEqual(['middleware']);
    }
    expect(routes.size).toBe(1);
  });

  it('keeps no path without a route, no long one, and only so many', () => {
    const routes = router();
    for (let n = 0; n < 12_000; n++) {
      routes.match('GET', `/nothing/${n}`);
      routes.match(`METHOD-${n}`, '/products/7');
      routes.match('GET', `/products/${'7'.repeat(300)}${n}`);
    }
    expect(routes.size).toBe(0);
    for (let n = 0; n < 12_000; n++) routes.match('GET', `/products/${n}`);
    expect(routes.size).toBeLessThanOrEqual(5_000);
    expect(handlersOf(routes, 'GET', '/products/7')).toEqual(['middleware', 'product']);
  });
});
