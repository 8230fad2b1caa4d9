import type { JsonSchema } from './schemas.ts';

export const INFO: JsonSchema = {
  title: 'Mami Supermarket API',
  version: '1.0.0',
  summary: 'The backend of an online grocery: storefront, picking floor and administration.',
  description: `
Answers are \`{"data": …}\`; lists add \`"meta": {"total", "limit", "offset", "has_next"}\`. Refusals are
\`{"error": {"code", "message", "status_code", "details"}}\`: go by \`code\`. An unknown path answers 404, another method of a
known path 405 with \`Allow\`.

- **Signing in**: \`POST /auth/login\` answers an access token, to be sent as \`Authorization: Bearer …\`, and a refresh token for
  \`POST /auth/refresh\`. On 401 \`TOKEN_EXPIRED\` refresh and repeat; on 401 \`AUTH_REQUIRED\` sign in again.
- **Roles**: each operation names in \`x-roles\` who may call it. What belongs to another customer answers 404.
- **Money** comes as decimal strings, \`"12.90"\`; requests take a number or a string. **Instants** are ISO 8601 in UTC,
  **dates** and times of day are those of the shop.
- **Query keys** are also taken in camelCase: \`branchId\` is \`branch_id\`. A \`limit\` above its
  maximum, 100 for most lists, is lowered to it.
- **Rate limits** count per route and client: a signed-in user, else the address (IPv6: the /64 and, ten times as wide, the
  /48). Each operation names its limit; the variables are set by the operator, with the defaults in brackets. \`RateLimit\` says
  what is left; after 429, wait for \`Retry-After\`. Preflights and \`/health\` are not limited.
- **Validation** (400): \`details.errors\` lists every problem, and \`message\` names the first. A body of \`null\` counts as none
  where the body is optional.
- **Retries**: reads can be repeated; so can every request that takes an \`Idempotency-Key\`, with the same key. After 503, wait
  for \`Retry-After\`. A write that may have happened all the same, because its answer was lost, says
  \`details.may_have_happened: true\`: repeat it with its key, or look before you send it again.
`.trim(),
  license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
};

/** One description per tag used by a feature. */
export const TAGS: Record<string, string> = {
  Auth: 'Accounts, sessions and passwords.',
  Profile: 'What the caller saved: name, addresses, payment methods.',
  Catalog: 'Categories, products, search and reviews. Public.',
  Branches: 'Branches and delivery slots. Public.',
  Store: 'Policies, wishlist and notifications.',
  Cart: 'The open cart of a customer. It holds no stock.',
  Checkout: 'Preview holds stock for a few minutes, confirm pays and places the order.',
  Orders: 'The orders of a customer.',
  Claims: 'Customers complain about what was delivered, managers decide.',
  Refunds: 'Managers pay back, above a limit with a second manager.',
  'Store credit': 'What customers may spend instead of paying by card.',
  Operations: 'The picking floor: orders by urgency, picking, batches, damage, figures and alerts.',
  Inventory: 'Stock by branch: counts, adjustments, ledger and CSV import.',
  'Stock requests': 'Staff ask for stock, managers review.',
  'Admin: catalog': 'Categories and products, inactive ones too.',
  'Admin: branches': 'Branches and delivery slots, inactive ones too.',
  'Admin: users': 'Accounts, roles and staff.',
  'Admin: settings': 'Amounts, service hours and currency.',
  'Admin: analytics': 'Revenue, products, orders and stock in figures.',
  'Admin: audit': 'Who changed what.',
  Health: 'For load balancers and operators. Not limited.',
};

const header = (description: string, schema: JsonSchema): JsonSchema => ({ description, schema });

export const HEADERS: Record<string, JsonSchema> = {
  'Cache-Control': header('How old the answer may get.', { type: 'string', examples: ['public, max-age=10'] }),
  ETag: header('Names this state of the answer; send it as `If-None-Match`.', { type: 'string' }),
  'Idempotency-Replayed': header('`true` when this is the stored answer of the first request.', {
    type: 'string',
    enum: ['true'],
  }),
  RateLimit: header('What is left of the limit that binds first, and the seconds until it is whole again.', {
    type: 'string',
    examples: ['"hour";r=49;t=3600'],
  }),
  'RateLimit-Policy': header('The limits of this route.', {
    type: 'string',
    examples: ['"day";q=200;w=86400, "hour";q=50;w=3600'],
  }),
  'RateLimit-Limit': header('Of the limit that binds first: how many requests it allows.', {
    type: 'integer',
    examples: [50],
  }),
  'RateLimit-Remaining': header('How many of them are left.', { type: 'integer', examples: [49] }),
  'RateLimit-Reset': header('Seconds until they are whole again.', { type: 'integer', examples: [3600] }),
  'Retry-After': header('Seconds to wait before trying again.', { type: 'integer', minimum: 1, examples: [5] }),
  'X-Request-Id': header('Name it when you report a problem. A sane incoming one is kept.', {
    type: 'string',
    examples: ['3f0c1c9e-7a55-4d0e-9a53-0c1b6c1f5a77'],
  }),
};

export const PARAMETERS: Record<string, JsonSchema> = {
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The `ETag` of the answer you have; 304 when nothing has changed.',
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
    description: 'The `refresh_token` of a session; it can also come in the body.',
  },
};
