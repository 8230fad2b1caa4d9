import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { AppEnv } from './context.ts';

const SANE_ID = /^[\w.-]{8,128}$/;

/** The id a request is known by in logs, audit and answer; a sane incoming one is kept. */
export const requestIdOf = (incoming: string | undefined): string =>
  incoming && SANE_ID.test(incoming) ? incoming : crypto.randomUUID();

const SECURITY_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
};

export const securityHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.res.headers.set(name, value);
};

/** CORS for the origins of the configuration; `*` is for development only. */
export const crossOrigin: MiddlewareHandler<AppEnv> = cors({
  origin: (origin, c) => {
    const allowed: string[] = c.get('config')?.corsOrigins ?? [];
    return allowed.includes('*') || allowed.includes(origin) ? origin : null;
  },
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-Id', 'If-None-Match'],
  exposeHeaders: ['X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'Idempotency-Replayed', 'ETag'],
  maxAge: 86400,
});

/** Existing clients mix both notations: `branchId` is read as `branch_id`. */
export function snakeCaseQuery(request: Request): Request {
  const query = request.url.indexOf('?');
  if (query < 0 || !/[?&][^=&]*[A-Z]/.test(request.url.slice(query))) return request;
  const url = new URL(request.url);
  const entries = [...url.searchParams].map(([key, value]): [string, string] => [
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  url.search = new URLSearchParams(entries).toString();
  return new Request(url, request);
}
