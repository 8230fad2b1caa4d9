import { customerRoutes } from './customers.ts';
import { disputeRoutes } from './disputes.ts';
import { noSuch } from './errors.ts';
import { listSpec, page } from './lists.ts';
import { paymentIntentRoutes } from './payment-intents.ts';
import { paymentMethodRoutes } from './payment-methods.ts';
import { liveCharge, refundRoutes } from './refunds.ts';
import type { Route } from './route.ts';
import { setupIntentRoutes } from './setup-intents.ts';

const readOnlyRoutes: Route[] = [
  {
    route: 'GET /v1/charges',
    spec: { ...listSpec, customer: 'string', payment_intent: 'string' },
    handle: ({ account, params }) =>
      page(account.charges.values(), params, {
        url: '/v1/charges',
        kind: 'charge',
        by: ['customer', 'payment_intent'],
      }),
  },
  { route: 'GET /v1/charges/:id', spec: {}, handle: ({ account, id }) => liveCharge(account, id) },
  {
    route: 'GET /v1/balance_transactions/:id',
    spec: {},
    handle({ account, id }) {
      const transaction = account.balanceTransactions.get(id);
      if (transaction === undefined) throw noSuch('balance transaction', id, 'id', 404);
      return transaction;
    },
  },
  {
    route: 'GET /v1/events',
    spec: { ...listSpec, type: 'string', types: 'list' },
    handle({ account, params }) {
      const type = params.text('type');
      const types = params.has('types') ? params.list('types') : type === null ? null : [type];
      const matching = [...account.events.values()].filter((one) => types === null || types.includes(one.type));
      const found = page(matching, params, { url: '/v1/events', kind: 'event' });
      return { ...found, data: found.data.map(({ json }): unknown => JSON.parse(json)) };
    },
  },
  {
    route: 'GET /v1/events/:id',
    spec: {},
    handle({ account, id }) {
      const event = account.events.get(id);
      if (event === undefined) throw noSuch('event', id, 'id', 404);
      return JSON.parse(event.json);
    },
  },
];

const routes: Route[] = [
  ...customerRoutes,
  ...paymentMethodRoutes,
  ...setupIntentRoutes,
  ...paymentIntentRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...readOnlyRoutes,
];

/** Exact paths come before those with an id, so that `search` is never taken for one. */
const byPrecision = routes.toSorted((a, b) => Number(a.route.includes(':id')) - Number(b.route.includes(':id')));

const patterns = byPrecision.map((route) => ({
  route,
  pattern: new RegExp(`^${route.route.replace(':id', '([^/]+)')}$`),
}));

export function findRoute(method: string, path: string): { route: Route; id: string } | null {
  for (const { route, pattern } of patterns) {
    const found = pattern.exec(`${method} ${path}`);
    if (found !== null) return { route, id: decodeURIComponent(found[1] ?? '') };
  }
  return null;
}
