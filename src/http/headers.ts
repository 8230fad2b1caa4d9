import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { type Config, fitConfigOf } from '../config.ts';
import type { AppEnv } from './context.ts';
import { QUOTA_HEADERS } from './rate-limit/headers.ts';

const SANE_ID = /^[\w.-]{1,128}$/;

/** The id a request is known by in logs, audit and answer; a sane incoming one is kept. */
export const requestIdOf = (incoming: string | null | undefined): string =>
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

/** What every answer carries beside the id of its request. A copy of ready headers costs a third of setting each anew. */
function readyHeaders(origin: string | null, config: Config | undefined): Headers {
  const headers = new Headers(SECURITY_HEADERS);
  if (!config) return headers;
  headers.set('Vary', 'Origin');
  if (!origin) return headers;
  headers.set('Access-Control-Allow-Origin', origin);
  headers.set('Access-Control-Expose-Headers', EXPOSED);
  return headers;
}

const ready = new WeakMap<Config, Map<string | null, Headers>>();
const MAX_ORIGINS = 100;

/** The same object for the same kind of origin. */
export function readyHeadersFor(sentOrigin: string | null, config: Config): Headers {
  const origin = sentOrigin === null ? null : allowedOrigin(sentOrigin, config);
  const known = ready.get(config) ?? new Map<string | null, Headers>();
  ready.set(config, known);
  let headers = known.get(origin);
  if (!headers) {
    headers = readyHeaders(origin, config);
    if (known.size >= MAX_ORIGINS) known.clear();
    known.set(origin, headers);
  }
  return headers;
}

/** An answer with a copy of ready headers, the id of its request, and what else it alone carries. */
export function respond(
  body: BodyInit | null,
  status: number,
  { ready, requestId, own }: { ready: Headers; requestId: string; own: Record<string, string> },
): Response {
  const response = new Response(body, { status, headers: ready });
  response.headers.set('X-Request-Id', requestId);
  for (const name in own) response.headers.set(name, own[name] ?? '');
  return response;
}

/** JSON in answer to this request. */
export function respondJson(c: Context<AppEnv>, status: number, body: unknown, own: Record<string, string>): Response {
  const { requestId, config } = c.var;
  const ready = readyHeadersFor(c.req.raw.headers.get('origin'), config);
  const headers = { 'Content-Type': 'application/json', ...serverTiming(c), ...own };
  return respond(JSON.stringify(body), status, { ready, requestId, own: headers });
}

/** What an answer says of the database's share, if it had one. */
export function serverTiming({ var: { database } }: Context<AppEnv>): Record<string, string> {
  if (!database.trips) return {};
  return { 'Server-Timing': `db;dur=${database.milliseconds.toFixed(1)};desc="${database.trips} trips"` };
}

/** Names the request, and sees to it that its answer carries the general headers. */
export const generalHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set('requestId', requestIdOf(c.req.header('x-request-id')));
  await next();
  const { headers } = c.res;
  if (headers.has('X-Request-Id')) return;
  headers.set('X-Request-Id', c.get('requestId'));
  const config = fitConfigOf(c.env);
  const origin = config && allowedOrigin(c.req.header('origin') ?? '', config);
  // A preflight says by itself who may ask.
  const general = readyHeaders(origin ?? null, c.req.method === 'OPTIONS' ? undefined : config);
  for (const [name, value] of general) headers.set(name, value);
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
