import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { describeFailure } from '../log.ts';
import type { AppEnv } from './context.ts';

/** The pattern of the route that answered, so that logs can be grouped; ids and queries stay out. */
const patternOf = (c: Context): string =>
  [matchedRoutes(c)[c.req.routeIndex]?.path].find((path) => path && !path.endsWith('*')) ?? 'unmatched';

/** One JSON line for each request. Never a body, a query, a token or an address of anybody's home. */
export const logRequest: MiddlewareHandler<AppEnv> = async (c, next) => {
  const started = performance.now();
  await next();
  const { database, requestId, identity } = c.var;
  if (database?.trips)
    c.res.headers.append('Server-Timing', `db;dur=${database.milliseconds.toFixed(1)};desc="${database.trips} trips"`);
  console.log(
    JSON.stringify({
      level: 'info',
      method: c.req.method,
      route: patternOf(c),
      status: c.res.status,
      ms: Math.round(performance.now() - started),
      db_trips: database?.trips ?? 0,
      db_ms: Math.round(database?.milliseconds ?? 0),
      request_id: requestId,
      client: c.req.header('cf-connecting-ip') ?? null,
      user_id: identity?.userId ?? null,
    }),
  );
};

export function logError(c: Context<AppEnv>, error: unknown): void {
  console.error(
    JSON.stringify({
      level: 'error',
      route: patternOf(c),
      request_id: c.get('requestId'),
      ...describeFailure(error),
    }),
  );
}
