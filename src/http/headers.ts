import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { Config } from '../config.ts';
import type { AppEnv } from './context.ts';
import { QUOTA_HEADERS } from './rate-limit/headers.ts';

const SANE_ID = /^[\w.-]{1,128}$/;

/** The id a request is known by in logs, audit and answer; a sane incoming one is kept. */
const requestIdOf = (incoming: string | undefined): string =>
  incoming && SANE_ID.test(incoming) ? incoming : crypto.randomUUID();

const SECURITY_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
};

const EXPOSED = ['X-Request-Id', ...QUOTA_HEADERS, 'Retry-After', 'Idempotency-Replayed', 'ETag'].join(',');

/** Null: no other site may read the answer. `*` is for development only. */
const allowedOrigin = (origin: string, { corsOrigins }: Config): string | null =>
  corsOrigins.includes('*') || corsOrigins.includes(origin) ? origin : null;

/** What every answer to this request carries: all at once, because each later change of a response costs anew. */
export function generalHeadersOf(c: Context<AppEnv>): Record<string, string> {
  const { requestId, config } = c.var as Partial<AppEnv['Variables']>;
  const headers: Record<string, string> = { ...SECURITY_HEADERS, 'X-Request-Id': requestId ?? '' };
  if (!config || c.req.method === 'OPTIONS') return headers;
  const origin = allowedOrigin(c.req.header('origin') ?? '', config);
  if (origin) headers['Access-Control-Allow-Origin'] = origin;
  headers['Access-Control-Expose-Headers'] = EXPOSED;
  headers.Vary = 'Origin';
  return headers;
}

/** Names the request, and sees to it that its answer carries the general headers. */
export const generalHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set('requestId', requestIdOf(c.req.header('x-request-id')));
  await next();
  const { headers } = c.res;
  if (headers.has('X-Request-Id')) return;
  for (const [name, value] of Object.entries(generalHeadersOf(c))) headers.set(name, value);
};

const answerPreflight: MiddlewareHandler<AppEnv> = cors({
  origin: (origin, c) => allowedOrigin(origin, c.get('config')),
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-Id', 'If-None-Match'],
  maxAge: 86400,
});

/** CORS for the origins of the configuration: preflights here, the rest with the general headers. */
export const preflight: MiddlewareHandler<AppEnv> = (c, next) =>
  c.req.method === 'OPTIONS' ? answerPreflight(c, next) : next();

/** Existing clients mix both notations, or send both: `branchId` is read as `branch_id`. */
export function snakeCaseQuery(request: Request): Request {
  const query = request.url.indexOf('?');
  if (query < 0 || !/[?&][^=&]*[A-Z]/.test(request.url.slice(query))) return request;
  const url = new URL(request.url);
  const renamed = new URLSearchParams();
  for (const [key, value] of url.searchParams) {
    const name = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (!renamed.has(name, value)) renamed.append(name, value);
  }
  url.search = renamed.toString();
  return new Request(url, request);
}
