import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { AppEnv } from './context.ts';

/** The pattern of the route that answered, so that logs can be grouped; ids and queries stay out. */
const patternOf = (c: Context): string =>
  [matchedRoutes(c)[c.req.routeIndex]?.path].find((path) => path && !path.endsWith('*')) ?? 'unmatched';

/** One JSON line for each request. Never a body, a query, a token or an address of anybody's home. */
export const logRequest: MiddlewareHandler<AppEnv> = async (c, next) => {
  const started = performance.now();
  await next();
  const { database, requestId, identity } = c.var;
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

interface Fault {
  name?: string;
  code?: string;
  constraint?: string;
  table?: string;
  routine?: string;
  message?: string;
  stack?: string;
}

/** A database's message can quote rows, so of its errors only names and codes are written down. */
function describe(error: unknown): Fault {
  if (!(error instanceof Error)) return { message: typeof error };
  const fault = error as Error & Fault;
  if (fault.name === 'NeonDbError' || fault.name === 'DrizzleQueryError') {
    const { name, code, constraint, table, routine } = fault;
    return JSON.parse(JSON.stringify({ name, code, constraint, table, routine }));
  }
  return { name: fault.name, message: fault.message, ...(fault.stack && { stack: fault.stack }) };
}

export function logError(c: Context<AppEnv>, error: unknown): void {
  const cause = error instanceof Error ? error.cause : undefined;
  console.error(
    JSON.stringify({
      level: 'error',
      route: patternOf(c),
      request_id: c.get('requestId'),
      error: describe(error),
      ...(cause !== undefined && { cause: describe(cause) }),
    }),
  );
}
