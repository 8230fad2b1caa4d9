import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { AppError, validationError } from '../errors.ts';
import type { AppEnv } from './context.ts';
import { respondJson } from './headers.ts';
import { logError } from './log.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The only place where an error becomes a response. Clients see the message of an AppError and of no other error. */
export const onError: ErrorHandler<AppEnv> = (error, c) => {
  if (error instanceof AppError) {
    if (error.status >= 500) logError(c, error);
    return answer(c, error);
  }
  if (error instanceof HTTPException && error.status === 400) {
    return answer(c, validationError([{ path: 'body', message: 'The body is not valid JSON.' }]));
  }
  logError(c, error);
  return answer(c, new AppError('INTERNAL_ERROR'));
};

function answer(c: Context<AppEnv>, error: AppError): Response {
  const headers = { 'Cache-Control': 'no-store', ...error.headers };
  const body = error.toJSON();
  // A read changes nothing, whatever became of it.
  if (c.req.method === 'GET') delete body.error.details.may_have_happened;
  // Without a valid configuration, the `generalHeaders` middleware adds what it can.
  return c.get('config') ? respondJson(c, error.status, body, headers) : c.json(body, error.status, headers);
}

/** 405 with `Allow` where the path exists for other methods, else 404. */
export const notFound =
  (methodsOf: (path: string) => string[]): NotFoundHandler<AppEnv> =>
  (c) => {
    const allowed = methodsOf(c.req.path);
    if (allowed.length === 0) return answer(c, new AppError('NOT_FOUND', 'There is nothing at this path.'));
    const allow = METHODS.filter((method) => allowed.includes(method)).join(', ');
    if (c.req.method === 'OPTIONS') return c.body(null, 204, { Allow: allow });
    return answer(c, new AppError('METHOD_NOT_ALLOWED', undefined, { headers: { Allow: allow } }));
  };
