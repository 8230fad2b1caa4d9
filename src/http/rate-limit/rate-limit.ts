import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Decision, RateLimiter } from '../../durable-objects/rate-limiter.ts';
import type { Standing } from '../../durable-objects/sliding-window.ts';
import { AppError, unavailable } from '../../errors.ts';
import { inTime } from '../../in-time.ts';
import type { AppEnv } from '../context.ts';
import { logError } from '../log.ts';
import { clientKey } from './client-key.ts';
import { quotaHeaders } from './headers.ts';
import { IsolateCounts } from './isolate-counts.ts';
import { parsePolicy, type Window } from './policy.ts';

/**
 * - `public-read` never waits: the isolate decides by its own counts and reports them afterwards.
 * - `write` asks the client's limiter first, and goes on when no answer comes.
 * - `sign-in` asks first too, and is refused when no answer comes: an outage must not make guessing passwords free.
 */
export type RateLimitMode = 'public-read' | 'write' | 'sign-in';

export interface RateLimitOptions {
  mode: RateLimitMode;
  /** The route's own policy, in force even when `RATE_LIMIT_DEFAULTS` is empty; absent: those defaults. */
  limit?: string;
  /** Only signed-in callers get past the door: they are counted by user in every mode. */
  isForSignedIn?: boolean;
  /** What this isolate remembers of its clients; a test plays a second isolate with another. */
  counts?: IsolateCounts;
}

const CALL_TIMEOUT_MS = 1_000;
const isolateCounts = new IsolateCounts();

/**
 * Limits how often one client may call the route it is attached to; attached to a wildcard, all its routes share one quota.
 * @example
 * app.post('/login', rateLimit({ mode: 'sign-in', limit: '5 per minute' }), login)
 */
export function rateLimit(options: RateLimitOptions): MiddlewareHandler<AppEnv> {
  const own = options.limit === undefined ? undefined : parsePolicy(options.limit);
  const counts = options.counts ?? isolateCounts;
  return async function limitRate(c, next) {
    const windows = own ?? c.get('config').rateLimitDefaults;
    if (windows.length === 0) return next();
    const standing = await admit(c, options, windows, counts);
    await next();
    for (const [name, value] of Object.entries(quotaHeaders(windows, standing))) c.res.headers.set(name, value);
  };
}

/** Counts the request, or throws when the client has nothing left. No standing: nobody could tell. */
async function admit(
  c: Context<AppEnv>,
  { mode, isForSignedIn }: RateLimitOptions,
  windows: Window[],
  counts: IsolateCounts,
): Promise<Standing | undefined> {
  // Signing in is counted by address even with somebody's valid token: tokens must not buy more guesses.
  const isByAddress = mode === 'sign-in' && !isForSignedIn;
  const route = routeKey(c);
  const noAnswer = (cause: unknown) => logError(c, new Error('The rate limiter did not answer', { cause }));
  const client = clientKey(c.req.raw.headers, isByAddress ? undefined : c.get('identity')?.userId);
  const key = `${client} ${route}`;
  const known = counts.refusal(key, Date.now());
  if (known) throw refusal(windows, known);
  if (mode === 'public-read') {
    const background = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
    return takeRead(counts, { env: c.env, client, route, windows, background, failed: noAnswer });
  }
  const decision = await ask(c.env, client, (limiter) => limiter.hit(route, windows)).catch(noAnswer);
  if (!decision && mode === 'sign-in') throw unavailable();
  if (!decision) return undefined;
  if (decision.retryAfterSeconds > 0) counts.learn(key, decision, Date.now());
  if (!decision.allowed) throw refusal(windows, decision);
  return decision;
}

const ask = async (
  env: Env,
  client: string,
  question: (limiter: DurableObjectStub<RateLimiter>) => Promise<Decision>,
) => inTime(CALL_TIMEOUT_MS, question(env.RATE_LIMITER.getByName(client)));

interface Reading {
  env: Env;
  client: string;
  route: string;
  windows: Window[];
  background: (work: Promise<unknown>) => void;
  failed: (error: unknown) => void;
}

/** Counts a public read by what this isolate knows, and reports it afterwards. */
function takeRead(counts: IsolateCounts, { env, client, route, windows, background, failed }: Reading): Standing {
  const key = `${client} ${route}`;
  const standing = counts.take(key, windows, Date.now());
  const report = counts.report(key, (count) => ask(env, client, (limiter) => limiter.report(route, windows, count)));
  background(report.catch(failed));
  return standing;
}

/** Counts a public read of nobody in particular. @returns its headers, or that there is nothing left */
export function quotaOfRead(headers: Headers, reading: Omit<Reading, 'client'>): Record<string, string> | 'used up' {
  if (reading.windows.length === 0) return {};
  const client = clientKey(headers);
  if (isolateCounts.refusal(`${client} ${reading.route}`, Date.now())) return 'used up';
  return quotaHeaders(reading.windows, takeRead(isolateCounts, { ...reading, client }));
}

function refusal(windows: Window[], standing: Standing): AppError {
  return new AppError('RATE_LIMITED', undefined, {
    headers: { 'Retry-After': String(standing.retryAfterSeconds), ...quotaHeaders(windows, standing) },
  });
}

/** The method and pattern of the route that the limit is attached to; a HEAD is counted with its GET. */
function routeKey(c: Context): string {
  const route = matchedRoutes(c)[c.req.routeIndex];
  return route ? `${route.method} ${route.path}` : c.req.method;
}
