import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { describeFailure, logLine } from '../log.ts';
import type { AppEnv } from './context.ts';

/** Path pattern of the route that answered: logs can be grouped by it, and it holds no ids and no query. */
const patternOf = (c: Context): string =>
  [matchedRoutes(c)[c.req.routeIndex]?.path].find((path) => path && !path.endsWith('*')) ?? 'unmatched';

/** What the log says about a request: never a body, a query, a token or a postal address. */
interface Served {
  method: string;
  /** Path pattern of the route. */
  route: string;
  status: number;
  ms: number;
  requestId: string;
  client: string | null;
  database?: { trips: number; milliseconds: number } | undefined;
  userId?: number | undefined;
}

/** Logs one request as a line of JSON. */
export function logServed({ method, route, status, ms, requestId, client, database, userId }: Served): void {
  logLine('info', {
    method,
    route,
    status,
    ms,
    db_trips: database?.trips ?? 0,
    db_ms: Math.round(database?.milliseconds ?? 0),
    request_id: requestId,
    client,
    user_id: userId ?? null,
  });
}

const COUNT_INTERVAL_MS = 10_000;
const counted = new Map<string, number>();
let countedSince = 0;

/**
 * Counts a response served from memory and logs the counts by route and status, at most every ten seconds. A line for each
 * would take time and money, and the platform's invocation log has every request anyway.
 */
export function countServed(route: string, status: number): void {
  const kind = `${route} ${status}`;
  counted.set(kind, (counted.get(kind) ?? 0) + 1);
  const now = Date.now();
  if (countedSince === 0) countedSince = now;
  if (now - countedSince < COUNT_INTERVAL_MS) return;
  const seconds = Math.round((now - countedSince) / 1000);
  logLine('info', { message: 'Answered from memory', seconds, answers: Object.fromEntries(counted) });
  counted.clear();
  countedSince = now;
}

export const logRequest: MiddlewareHandler<AppEnv> = async (c, next) => {
  const started = performance.now();
  await next();
  const { database, requestId, identity } = c.var;
  const client = c.req.header('cf-connecting-ip') ?? null;
  const { method } = c.req;
  logServed({
    method,
    route: patternOf(c),
    status: c.res.status,
    ms: Math.round(performance.now() - started),
    requestId,
    client,
    database,
    // What a key says of its user is not certain before the database has found it.
    userId: identity?.keyHash === undefined ? identity?.userId : undefined,
  });
};

export function logError(c: Context<AppEnv>, error: unknown): void {
  logLine('error', { route: patternOf(c), request_id: c.get('requestId'), ...describeFailure(error) });
}
