import { Hono } from 'hono';
import { configOf } from './config.ts';
import { Database } from './db/database.ts';
import { unavailable } from './errors.ts';
import { adminBranches } from './features/admin-branches/routes.ts';
import { adminCatalog } from './features/admin-catalog/routes.ts';
import { adminUsers } from './features/admin-users/routes.ts';
import { amendments } from './features/amendments/routes.ts';
import { analytics } from './features/analytics/routes.ts';
import { apiKeys } from './features/api-keys/routes.ts';
import { audit } from './features/audit/routes.ts';
import { auth } from './features/auth/routes.ts';
import { branches } from './features/branches/routes.ts';
import { cart } from './features/cart/routes.ts';
import { catalog } from './features/catalog/routes.ts';
import { checkout } from './features/checkout/routes.ts';
import { claims, opsClaims } from './features/claims/routes.ts';
import { adminCredit, credit } from './features/credit/routes.ts';
import { deliveryAreas, deliveryZones } from './features/delivery-zones/routes.ts';
import { publishSoon } from './features/events/publish.ts';
import { orderEvents } from './features/events/routes.ts';
import { exports } from './features/exports/routes.ts';
import { health } from './features/health/routes.ts';
import { adminInventory, opsInventory } from './features/inventory/routes.ts';
import { lists } from './features/lists/routes.ts';
import { recheckSoon } from './features/live/rooms.ts';
import { live, opsLive, orderLive } from './features/live/routes.ts';
import { ops } from './features/ops/routes.ts';
import { orders } from './features/orders/routes.ts';
import { payments, webhooks } from './features/payments/routes.ts';
import { catchUpPrices } from './features/prices/due.ts';
import { prices } from './features/prices/routes.ts';
import { privacy } from './features/privacy/routes.ts';
import { profile } from './features/profile/routes.ts';
import { promotions } from './features/promotions/routes.ts';
import { receipts } from './features/receipts/routes.ts';
import { adminRefunds, opsRefunds } from './features/refunds/routes.ts';
import { searchSynonyms } from './features/search-synonyms/routes.ts';
import { settings } from './features/settings/routes.ts';
import { slotExceptions } from './features/slot-exceptions/routes.ts';
import { opsStockRequests, stockRequests } from './features/stock-requests/routes.ts';
import { store } from './features/store/routes.ts';
import { opsSubstitutions, orderSubstitutions } from './features/substitutions/routes.ts';
import { taxRates } from './features/tax-rates/routes.ts';
import { adminWebhooks } from './features/webhooks/routes.ts';
import { answerKnown } from './http/cache/shortcut.ts';
import type { AppEnv } from './http/context.ts';
import { notFound, onError } from './http/failures.ts';
import { generalHeaders, preflight, snakeCaseQuery } from './http/headers.ts';
import { logError, logRequest } from './http/log.ts';
import { BASE_PATH, mount } from './http/mount.ts';
import type { Feature } from './http/route.ts';
import { RememberingRouter } from './http/router.ts';

/** All features of the API, in the order of its documentation. */
export const features: readonly Feature[] = [
  auth,
  profile,
  privacy,
  credit,
  catalog,
  branches,
  store,
  lists,
  deliveryAreas,
  cart,
  checkout,
  orders,
  orderSubstitutions,
  amendments,
  receipts,
  claims,
  orderEvents,
  live,
  orderLive,
  payments,
  webhooks,
  opsLive,
  ops,
  opsSubstitutions,
  opsRefunds,
  opsClaims,
  opsInventory,
  opsStockRequests,
  stockRequests,
  adminCatalog,
  prices,
  searchSynonyms,
  adminInventory,
  adminBranches,
  slotExceptions,
  deliveryZones,
  adminUsers,
  adminCredit,
  adminRefunds,
  apiKeys,
  promotions,
  adminWebhooks,
  settings,
  taxRates,
  analytics,
  audit,
  exports,
];

/** Their commands change what there are events for. */
const writeEvents: ReadonlySet<Feature> = new Set([
  checkout,
  orders,
  orderSubstitutions,
  amendments,
  claims,
  payments,
  webhooks,
  ops,
  opsSubstitutions,
  opsRefunds,
  opsClaims,
  opsInventory,
  opsStockRequests,
  stockRequests,
  adminCatalog,
  prices,
  adminInventory,
  adminRefunds,
]);

/** Their commands end sessions, keys, or the right to see a branch. */
const changeAccess: ReadonlySet<Feature> = new Set([auth, privacy, adminUsers, apiKeys, settings]);

const afterChangeOf = (feature: Feature) => {
  if (changeAccess.has(feature)) return recheckSoon;
  return writeEvents.has(feature) ? publishSoon : undefined;
};

const app = new Hono<AppEnv>({ strict: false, router: new RememberingRouter() });

app.use(generalHeaders);
app.use(logRequest);
app.route('/health', health);
app.route(`${BASE_PATH}/health`, health);
app.use(async (c, next) => {
  try {
    c.set('config', configOf(c.env));
  } catch (error) {
    logError(c, error);
    throw unavailable(60);
  }
  c.set('database', new Database(c.get('config'), catchUpPrices));
  await next();
});
app.use(preflight);
for (const feature of features) mount(app, feature, afterChangeOf(feature));

const methodsOf = (path: string): string[] => {
  const requested = path.replace(/\/$/, '').split('/');
  const matching = app.routes.filter(({ method, path: pattern }) => {
    if (method === 'ALL') return false;
    const parts = pattern.split('/');
    // A parameter stands for a segment that is not empty, as for the router.
    return (
      parts.length === requested.length &&
      parts.every((part, i) => requested[i] === part || (part.startsWith(':') && requested[i] !== ''))
    );
  });
  return [...new Set(matching.map((route) => route.method))];
};
app.notFound(notFound(methodsOf));
app.onError(onError);

export const handle = (request: Request, env: Env, ctx: ExecutionContext): Response | Promise<Response> =>
  answerKnown(request, env, ctx) ?? app.fetch(snakeCaseQuery(request), env, ctx);
