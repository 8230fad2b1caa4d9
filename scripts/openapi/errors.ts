import { type ErrorCode, type ErrorStatus, messageOf, publicCode, statusOf } from '../../src/errors.ts';
import { QUOTA_HEADERS } from '../../src/http/rate-limit/headers.ts';
import { needsTotp, type Route } from '../../src/http/route.ts';
import type { JsonSchema } from './schemas.ts';

/** All error codes of a route: the declared ones and those of its kind. */
function errorsOf(route: Route): ErrorCode[] {
  const { spec, roles } = route;
  const takesBody = spec.body !== undefined || spec.upload !== undefined;
  const takesRaw = spec.rawBodyLimit !== undefined;
  const takesInput =
    takesBody || takesRaw || [spec.params, spec.query, spec.headers].some((part) => part !== undefined);
  const common: [boolean, ErrorCode[]][] = [
    [takesInput, ['VALIDATION_ERROR']],
    [roles !== null, ['AUTH_REQUIRED', 'TOKEN_EXPIRED', 'AUTHORIZATION_ERROR']],
    [needsTotp(route), ['TOTP_SETUP_REQUIRED']],
    [takesBody || takesRaw, ['PAYLOAD_TOO_LARGE']],
    [takesBody, ['UNSUPPORTED_MEDIA_TYPE']],
    [spec.limit !== '', ['RATE_LIMITED']],
    [true, ['INTERNAL_ERROR', 'SERVICE_UNAVAILABLE']],
  ];
  const codes = common.flatMap(([applies, names]) => (applies ? names : []));
  return [...new Set([...codes, ...(spec.errors ?? [])])];
}

/** Responses shared by many routes, by their name in the document. */
const SHARED: Record<string, string> = {
  VALIDATION_ERROR: 'ValidationError',
  'AUTH_REQUIRED TOKEN_EXPIRED': 'NotSignedIn',
  AUTHORIZATION_ERROR: 'RoleNotAllowed',
  'AUTHORIZATION_ERROR TOTP_SETUP_REQUIRED': 'StaffRoleNotAllowed',
  NOT_FOUND: 'NotFound',
  PAYLOAD_TOO_LARGE: 'PayloadTooLarge',
  UNSUPPORTED_MEDIA_TYPE: 'UnsupportedMediaType',
  RATE_LIMITED: 'RateLimited',
  INTERNAL_ERROR: 'InternalError',
  SERVICE_UNAVAILABLE: 'ServiceUnavailable',
};

/** The error responses of a route by status; shared ones are stored once in `shared`. */
export function errorResponses(route: Route, shared: Record<string, JsonSchema>): Record<string, JsonSchema> {
  const byStatus = Map.groupBy(errorsOf(route), statusOf);
  const responses: Record<string, JsonSchema> = {};
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    const name = SHARED[codes.join(' ')];
    if (!name) responses[status] = errorResponse(status, codes);
    else {
      shared[name] ??= errorResponse(status, codes);
      responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
  return responses;
}

function errorResponse(status: ErrorStatus, codes: readonly ErrorCode[]): JsonSchema {
  const names = [...new Set(codes.map(publicCode))];
  return {
    description: codes.map((code) => `\`${publicCode(code)}\`: ${messageOf(code)}`).join('\n\n'),
    headers: headersOf(status, codes),
    content: {
      'application/json': {
        schema: errorSchema(status, names),
        examples: Object.fromEntries(codes.toReversed().map((code) => [publicCode(code), { value: exampleOf(code) }])),
      },
    },
  };
}

const headersOf = (status: ErrorStatus, codes: readonly ErrorCode[]): JsonSchema => ({
  'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
  ...((status === 429 || status === 503 || codes.includes('IDEMPOTENCY_IN_PROGRESS')) && {
    'Retry-After': { $ref: '#/components/headers/Retry-After' },
  }),
  ...(status === 429 &&
    Object.fromEntries(QUOTA_HEADERS.map((name) => [name, { $ref: `#/components/headers/${name}` }]))),
  ...(codes.includes('PAYMENT_FAILED') && {
    'Idempotency-Replayed': { $ref: '#/components/headers/Idempotency-Replayed' },
  }),
});

/** Schemas of `details`, for codes that have them. */
const DETAILS: Partial<Record<ErrorCode, JsonSchema>> = {
  TOTP_REQUIRED: { challenge: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl' },
  VALIDATION_ERROR: { errors: [{ path: 'email', message: 'must be an email address' }] },
  OUT_OF_STOCK_ANYWHERE: { product_id: 1, requested_quantity: 2, available_quantity: 0 },
  OUT_OF_STOCK_DELIVERY_BRANCH: { product_id: 1, requested_quantity: 2, available_quantity: 1 },
  INSUFFICIENT_STOCK: { missing: [{ product_id: 1, requested_quantity: 2, available_quantity: 1 }] },
  PRICE_CHANGED: { previous_total: '158.00', total: '161.50' },
  INVALID_STATUS_TRANSITION: { allowed: ['READY'] },
};

const exampleOf = (code: ErrorCode): JsonSchema => ({
  error: {
    code: publicCode(code),
    message: messageOf(code),
    status_code: statusOf(code),
    details: DETAILS[code] ?? {},
  },
});

const errorSchema = (status: ErrorStatus, codes: string[]): JsonSchema => ({
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'status_code', 'details'],
      properties: {
        code: { type: 'string', enum: codes },
        message: { type: 'string', description: 'For people; programs should check `code`.' },
        status_code: { type: 'integer', const: status },
        details: codes.includes('VALIDATION_ERROR')
          ? VALIDATION_DETAILS
          : { type: 'object', additionalProperties: true },
      },
    },
  },
});

const VALIDATION_DETAILS: JsonSchema = {
  type: 'object',
  additionalProperties: true,
  properties: {
    errors: {
      type: 'array',
      description: 'Every problem of the request.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};
