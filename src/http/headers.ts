import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { type Config, fitConfigOf } from '../config.ts';
import type { AppEnv } from './context.ts';
import { QUOTA_HEADERS } from './rate-limit/headers.ts';
import type { Download, HtmlPage } from './route.ts';

const VALID_ID = /^[\w.-]{1,128}$/;

/** The id of a request in logs, audit and response: the one the client sent if it is valid, else a new one. */
export const requestIdOf = (incoming: string | null | undefined): string =>
  incoming && VALID_ID.test(incoming) ? incoming : crypto.randomUUID();

const SECURITY_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
};

const EXPOSED = ['X-Request-Id', ...QUOTA_HEADERS, 'Retry-After', 'Idempotency-Replayed', 'ETag'].join(',');

/** The value of `Access-Control-Allow-Origin`, or null when this origin may not read responses. `*` is for development only. */
const allowedOrigin = (origin: string, { corsOrigins }: Config): string | null =>
  corsOrigins.includes('*') || corsOrigins.includes(origin) ? origin : null;

/** The headers of every response except its request id. */
function makeGeneralHeaders(origin: string | null, config: Config | undefined): Headers {
  const headers = new Headers(SECURITY_HEADERS);
  if (!config) return headers;
  headers.set('Vary', 'Origin');
  if (!origin) return headers;
  headers.set('Access-Control-Allow-Origin', origin);
  headers.set('Access-Control-Expose-Headers', EXPOSED);
  return headers;
}

/** By configuration, then by origin: copying prepared headers costs a third of setting each. */
const prepared = new WeakMap<Config, Map<string | null, Headers>>();
const MAX_ORIGINS = 100;

/** General headers to copy from: the same object for the same allowed origin. */
export function generalHeadersFor(sentOrigin: string | null, config: Config): Headers {
  const origin = sentOrigin === null ? null : allowedOrigin(sentOrigin, config);
  const byOrigin = prepared.get(config) ?? new Map<string | null, Headers>();
  prepared.set(config, byOrigin);
  let headers = byOrigin.get(origin);
  if (!headers) {
    headers = makeGeneralHeaders(origin, config);
    if (byOrigin.size >= MAX_ORIGINS) byOrigin.clear();
    byOrigin.set(origin, headers);
  }
  return headers;
}

/** A response with a copy of the general headers, its request id and its own headers. */
export function respond(
  body: BodyInit | null,
  status: number,
  { general, requestId, own }: { general: Headers; requestId: string; own: Record<string, string> },
): Response {
  const response = new Response(body, { status, headers: general });
  response.headers.set('X-Request-Id', requestId);
  for (const name in own) response.headers.set(name, own[name] ?? '');
  return response;
}

/** A JSON response to this request. */
export function respondJson(c: Context<AppEnv>, status: number, body: unknown, own: Record<string, string>): Response {
  const { requestId, config } = c.var;
  const general = generalHeadersFor(c.req.raw.headers.get('origin'), config);
  const headers = { 'Content-Type': 'application/json', ...serverTiming(c), ...own };
  return respond(JSON.stringify(body), status, { general, requestId, own: headers });
}

/** A page as the response to this request. */
export function respondHtml(c: Context<AppEnv>, { html, policy }: HtmlPage, own: Record<string, string>): Response {
  const { requestId, config } = c.var;
  const general = generalHeadersFor(c.req.raw.headers.get('origin'), config);
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
    ...serverTiming(c),
    ...own,
  };
  return respond(html, 200, { general, requestId, own: headers });
}

/** A file as the response to this request, for the client to save. */
export function respondFile(c: Context<AppEnv>, { filename, type, body }: Download): Response {
  const { requestId, config } = c.var;
  const general = generalHeadersFor(c.req.raw.headers.get('origin'), config);
  const own = {
    'Content-Type': type,
    'Content-Disposition': `attachment; filename="${filename}"`,
    'Cache-Control': 'no-store',
  };
  return respond(body, 200, { general, requestId, own });
}

/** Reports the time spent in the database, if the request used it. */
export function serverTiming({ var: { database } }: Context<AppEnv>): Record<string, string> {
  if (!database.trips) return {};
  return { 'Server-Timing': `db;dur=${database.milliseconds.toFixed(1)};desc="${database.trips} trips"` };
}

/** Gives the request its id, and adds the general headers to responses that lack them. */
export const generalHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set('requestId', requestIdOf(c.req.header('x-request-id')));
  await next();
  const { headers } = c.res;
  if (headers.has('X-Request-Id')) return;
  headers.set('X-Request-Id', c.get('requestId'));
  const config = fitConfigOf(c.env);
  const origin = config && allowedOrigin(c.req.header('origin') ?? '', config);
  // The CORS middleware sets those of a preflight itself.
  const general = makeGeneralHeaders(origin ?? null, c.req.method === 'OPTIONS' ? undefined : config);
  for (const [name, value] of general) headers.set(name, value);
};

const answerPreflight: MiddlewareHandler<AppEnv> = cors({
  origin: (origin, c) => allowedOrigin(origin, c.get('config')),
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-Id', 'If-None-Match'],
  maxAge: 86400,
});

/** Answers CORS preflights; other responses get their CORS headers with the general headers. */
export const preflight: MiddlewareHandler<AppEnv> = (c, next) =>
  c.req.method === 'OPTIONS' ? answerPreflight(c, next) : next();

/** Existing clients send camelCase, snake_case or both: `branchId` is read as `branch_id`. */
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
