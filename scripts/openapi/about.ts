import type { JsonSchema } from './schemas.ts';

export const INFO: JsonSchema = {
  title: 'Mami Supermarket API',
  version: '1.0.0',
  summary: 'The backend of an online grocery: storefront, picking and administration.',
  description: `
Responses are \`{"data": …}\`; lists add \`"meta": {"total", "limit", "offset", "has_next"}\`. Errors are
\`{"error": {"code", "message", "status_code", "details"}}\`; programs should check \`code\`. An unknown path returns 404, an
unsupported method of a known path 405 with \`Allow\`.

- **Signing in**: \`POST /auth/login\` returns an access token, to be sent as \`Authorization: Bearer …\`, and a refresh token for
  \`POST /auth/refresh\`. On 401 \`TOKEN_EXPIRED\`, refresh and repeat; on 401 \`AUTH_REQUIRED\`, sign in again.
- **Two-step sign-in** of staff: \`POST /auth/login\` answers 401 \`TOTP_REQUIRED\` with a \`challenge\` for \`POST /auth/login/totp\`.
- **API keys** of programs are sent like an access token. An operation with a scope can be called with a key that has it.
- **Roles**: \`x-roles\` lists the roles that may call an operation. Data of other customers returns 404.
- **Money** is a decimal string, \`"12.90"\`; requests accept a number or a string. **Instants** are ISO 8601 in UTC,
  **dates** and times of day are in the time zone of the shop.
- **Query keys** are also accepted in camelCase: \`branchId\` is \`branch_id\`. A \`limit\` above the
  maximum, 100 for most lists, is reduced to it.
- **Rate limits** count per route and client: a signed-in user, else the address (IPv6: the /64 and, ten times as wide, the
  /48). Each operation names its limit; the variables are set by the operator, with the defaults in brackets. \`RateLimit\` gives
  the remaining requests; after 429, wait for \`Retry-After\`. Preflights and \`/health\` are not limited.
- **Validation** (400): \`details.errors\` lists every problem, and \`message\` contains the first. Where the body is optional, \`null\`
  counts as no body.
- **Retries**: reads can be repeated, and so can requests with an \`Idempotency-Key\`, with the same key. After 503, wait
  for \`Retry-After\`. With \`details.may_have_happened: true\` a write may have taken effect although its response was lost:
  repeat it with its key, or check its effect before you send it again.
`.trim(),
  license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
};

/** One description per tag used by a feature. */
export const TAGS: Record<string, string> = {
  Auth: 'Accounts, sessions and passwords.',
  Profile: 'Name, addresses and payment methods of the caller.',
  Privacy: 'Everything that is stored about the caller, and its erasure.',
  Catalog: 'Categories, products, search and reviews. Public.',
  Payments: 'What a payment waits for.',
  Webhooks: 'For payment providers, which sign what they send.',
  Branches: 'Branches and delivery slots. Public.',
  Store: 'Policies, wishlist and notifications.',
  'Shopping lists': 'Lists of a customer, and what the customer usually buys.',
  Cart: 'The open cart of a customer. It holds no stock.',
  Checkout: 'Preview holds stock for a few minutes; confirm charges the card and places the order.',
  Orders: 'The orders of a customer.',
  Claims: 'Customers complain about what was delivered, managers decide.',
  Live: 'Connections that bring each change as it happens.',
  Events: 'What changed, in an order that no reader misses anything of.',
  Refunds: 'Managers pay back, above a limit with a second manager.',
  'Store credit': 'What customers may spend instead of paying by card.',
  Operations: 'Work on the shop floor: orders by urgency, picking, batches, damage reports, figures and alerts.',
  Inventory: 'Stock by branch: counts, adjustments, ledger and CSV import.',
  'Stock requests': 'Staff request stock, managers review the requests.',
  'Admin: catalog': 'Categories and products, including inactive ones.',
  'Admin: prices': 'Prices that take effect at a set time.',
  'Admin: promotions': 'Offers and coupons.',
  'Admin: branches': 'Branches and delivery slots, including inactive ones.',
  'Admin: delivery': 'Closed dates, other capacities and delivery zones.',
  'Admin: webhooks': 'Receivers of events at other companies: docs/webhooks.md says how they verify what they get.',
  'Admin: users': 'Accounts, roles and staff.',
  'Admin: API keys': 'Keys of programs, with scopes.',
  'Admin: settings': 'Amounts, service hours and currency.',
  'Admin: analytics': 'Figures of revenue, products, orders and stock.',
  'Admin: audit': 'The audit log.',
  'Admin: exports': 'Products, stock, orders and the audit log as CSV.',
  Health: 'For load balancers and operators. Not rate limited.',
};

const header = (description: string, schema: JsonSchema): JsonSchema => ({ description, schema });

export const HEADERS: Record<string, JsonSchema> = {
  'Cache-Control': header('Maximum age of the response.', { type: 'string', examples: ['public, max-age=10'] }),
  ETag: header('Version of the response; send it as `If-None-Match`.', { type: 'string' }),
  'Idempotency-Replayed': header('`true` when this is the stored response of the first request.', {
    type: 'string',
    enum: ['true'],
  }),
  RateLimit: header('Remaining requests of the limit that is reached first, and the seconds until it is reset.', {
    type: 'string',
    examples: ['"hour";r=49;t=3600'],
  }),
  'RateLimit-Policy': header('The limits of this route.', {
    type: 'string',
    examples: ['"day";q=200;w=86400, "hour";q=50;w=3600'],
  }),
  'RateLimit-Limit': header('Requests allowed by the limit that is reached first.', {
    type: 'integer',
    examples: [50],
  }),
  'RateLimit-Remaining': header('Remaining requests of that limit.', { type: 'integer', examples: [49] }),
  'RateLimit-Reset': header('Seconds until that limit is reset.', { type: 'integer', examples: [3600] }),
  'Retry-After': header('Seconds to wait before trying again.', { type: 'integer', minimum: 1, examples: [5] }),
  'X-Request-Id': header('Include it when you report a problem. A valid id in the request is kept.', {
    type: 'string',
    examples: ['3f0c1c9e-7a55-4d0e-9a53-0c1b6c1f5a77'],
  }),
};

export const PARAMETERS: Record<string, JsonSchema> = {
  'Accept-Language': {
    name: 'Accept-Language',
    in: 'header',
    required: false,
    description:
      'The first of he, en, ar and ru in it is the language of names and descriptions; without one, and where a translation is missing, ' +
      'they are as the shop wrote them. `lang` in the query precedes it.',
    schema: { type: 'string', examples: ['he-IL,he;q=0.9,en;q=0.8'] },
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The `ETag` of your copy; the response is 304 when nothing has changed.',
    schema: { type: 'string' },
  },
};

export const SECURITY_SCHEMES: Record<string, JsonSchema> = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `access_token` of a session.',
  },
  refreshToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `refresh_token` of a session; it can also be sent in the body.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'mami_…',
    description: 'An API key of `POST /admin/api-keys`. The operation names the scope that the key needs.',
  },
};
