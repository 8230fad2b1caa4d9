import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Decision } from '../../durable-objects/rate-limiter.ts';
import { type Standing, tighter } from '../../durable-objects/sliding-window.ts';
import { AppError, unavailable } from '../../errors.ts';
import type { RateLimitKind } from '../../rate-limits/kinds.ts';
import { parsePolicy, type Window } from '../../rate-limits/policy.ts';
import type { AppEnv, Identity } from '../context.ts';
import { logError } from '../log.ts';
import { quotaHeaders } from './headers.ts';
import { IsolateCounts } from './isolate-counts.ts';
import { addressQuotas, Limiter, type LimiterContext, type Quota, userQuota } from './limiter.ts';
import { hitsAhead } from './prepaid-hits.ts';
import { endedSessionsOf, findEndedSessions, isProvenKey, rememberKey } from './sessions.ts';

/**
 * - `read` does not wait: the isolate decides by its own counts and reports them afterwards.
 * - `write` asks the client's limiter first, for a few writes in advance, and goes on when there is no answer.
 * - `sign-in` asks first too, and is refused when there is no answer: an outage must not make guessing passwords free.
 */
export type RateLimitMode = 'read' | 'write' | 'sign-in';

export interface RateLimitOptions {
  mode: RateLimitMode;
  /** Which limit of the configuration applies. */
  kind: RateLimitKind;
  /** The route's own limit instead, in force even when that of the configuration is empty. */
  limit?: string;
  /** Only signed-in callers may call the route: they are counted by user in every mode. */
  isForSignedIn?: boolean;
  /** What this isolate remembers of its clients; a test plays a second isolate with another. */
  counts?: IsolateCounts;
}

/** In place of a route, where all are counted together. */
const ALL_ROUTES = 'ALL';
const isolateCounts = new IsolateCounts();

/**
 * Limits how often one client may call the route it is attached to; attached to a wildcard, all its routes share one quota.
 * @example
 * app.post('/login', rateLimit({ mode: 'sign-in', kind: 'default', limit: '5 per minute' }), login)
 */
export function rateLimit(options: RateLimitOptions): MiddlewareHandler<AppEnv> {
  const { kind, limit, counts = isolateCounts, isForSignedIn = false } = options;
  const own = limit === undefined ? undefined : parsePolicy(limit);
  return async function limitRate(c, next) {
    const key = isForSignedIn ? provenKeyOf(c) : undefined;
    const windows = key ? c.get('config').rateLimits.apiKey : (own ?? c.get('config').rateLimits[kind]);
    if (windows.length === 0) {
      await next();
      if (isForSignedIn) learnOfKey(c);
      return;
    }
    const admission = new Admission(c, options, windows, counts, key);
    const standing = await admission.admit();
    await next();
    if (isForSignedIn) {
      learnOfKey(c);
      admission.learnFromAnswer();
    }
    for (const [name, value] of Object.entries(quotaHeaders(windows, standing))) c.res.headers.set(name, value);
  };
}

/** The hash of the API key that the request comes with, if it is known to be valid. */
function provenKeyOf(c: Context<AppEnv>): string | undefined {
  const hash = c.get('identity')?.keyHash;
  return hash !== undefined && isProvenKey(c.get('config'), hash) ? hash : undefined;
}

/** After the database has judged the key, as it does on the routes of signed-in callers alone: elsewhere any text passes for one. */
function learnOfKey(c: Context<AppEnv>): void {
  const hash = c.get('identity')?.keyHash;
  if (hash === undefined || c.get('database').trips === 0) return;
  const isRefused = c.error instanceof AppError && c.error.code === 'AUTH_REQUIRED';
  if (isRefused || c.res.ok) rememberKey(c.get('config'), hash, !isRefused);
}

/** The way of one request through its limit. */
class Admission {
  readonly #c: Context<AppEnv>;
  readonly #mode: RateLimitMode;
  readonly #windows: Window[];
  readonly #limiter: Limiter;
  /** The hash of a valid API key, which has a count of its own, except on public routes: there it must not buy more guesses. */
  readonly #key: string | undefined;
  /** Undefined: counted by key or address. */
  #identity: Identity | undefined;
  /** The report of this read has found that its session has ended, and has counted it by address. */
  #isCountedByAddress = false;

  constructor(
    c: Context<AppEnv>,
    { mode, isForSignedIn }: RateLimitOptions,
    windows: Window[],
    counts: IsolateCounts,
    key: string | undefined,
  ) {
    this.#c = c;
    this.#mode = mode;
    this.#windows = windows;
    const failed = (cause: unknown) => logError(c, new Error('The rate limiter did not answer', { cause }));
    const background = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
    this.#key = key;
    const route = key === undefined ? routeKey(c) : ALL_ROUTES;
    this.#limiter = new Limiter({ env: c.env, route, windows, counts, background, failed });
    // Signing in is counted by address even when a valid token is sent along: tokens must not buy more guesses.
    const isByAddress = mode === 'sign-in' && !isForSignedIn;
    const identity = isByAddress || c.get('identity')?.keyHash !== undefined ? undefined : c.get('identity');
    this.#identity = identity && endedSessionsOf(c.get('config')).has(identity.sessionId) ? undefined : identity;
  }

  /** Counts the request. Undefined when nobody could tell the standing. @throws AppError 429 when the quota is used up */
  async admit(): Promise<Standing | undefined> {
    if (this.#identity) {
      const standing = await this.#admitUser(this.#identity);
      if (standing !== 'session ended') return standing;
      this.#identity = undefined;
    }
    return this.#admitOthers();
  }

  /** After the database has judged the session. */
  learnFromAnswer(): void {
    const identity = this.#c.get('identity');
    if (!identity || identity.keyHash !== undefined) return;
    const { error, executionCtx, res } = this.#c;
    const isRefused = error instanceof AppError && error.code === 'AUTH_REQUIRED';
    if (this.#identity && isRefused) executionCtx.waitUntil(this.#moveToAddress(identity).catch(this.#logError));
    if (!this.#identity && res.ok) executionCtx.waitUntil(this.#revive(identity).catch(this.#logError));
  }

  async #admitUser(identity: Identity): Promise<Standing | undefined | 'session ended'> {
    const quota = userQuota(this.#headers, identity, this.#windows);
    const known = this.#limiter.known(quota);
    if (known && !known.isShared) throw this.#limiter.refusal(known);
    if (this.#mode === 'read' && !known) {
      return this.#limiter.take([quota], (count) => {
        this.#isCountedByAddress = true;
        return this.#countByAddress(identity, count);
      });
    }
    const decision = await this.#decide(quota, identity);
    if (decision?.hasSessionEnded) {
      this.#ended.add(identity.sessionId);
      return 'session ended';
    }
    if (!decision && known) throw this.#limiter.refusal(known);
    if (decision && this.#mode === 'read') this.#limiter.learn(quota, decision);
    return this.#judge(decision);
  }

  /** Before the hits of other sessions refuse a user, those sessions must be found alive. */
  async #decide(quota: Quota, identity: Identity): Promise<Decision | undefined> {
    const decision = await this.#hit(quota);
    if (!decision || decision.allowed || !decision.otherSessions) return decision;
    const sessionIds = [identity.sessionId, ...decision.otherSessions];
    const ended = await findEndedSessions(this.#c, identity, sessionIds).catch(this.#logError);
    if (!ended?.length) return decision;
    for (const sessionId of ended) this.#ended.add(sessionId);
    await this.#limiter.ask(quota.client, (limiter) => limiter.endSessions(ended)).catch(this.#logError);
    return this.#hit(quota);
  }

  async #admitOthers(): Promise<Standing | undefined> {
    const quotas = this.#quotas;
    for (const quota of quotas) {
      const known = this.#limiter.known(quota);
      if (known) throw this.#limiter.refusal(known);
    }
    if (this.#mode === 'read') return this.#limiter.take(quotas);
    let binding: Standing | undefined;
    for (const quota of quotas) {
      const standing = this.#judge(await this.#hit(quota));
      if (standing) binding = binding ? tighter(binding, standing) : standing;
    }
    return binding;
  }

  /** Only writes pay in advance: each try to sign in is asked about. */
  #hit(quota: Quota): Promise<Decision | undefined> {
    return this.#limiter.hit(quota, this.#mode === 'write' ? hitsAhead(quota.windows) : 0);
  }

  #judge(decision: Decision | undefined): Standing | undefined {
    if (!decision && this.#mode === 'sign-in') throw unavailable();
    if (decision && !decision.allowed) throw this.#limiter.refusal(decision);
    return decision;
  }

  /** The session has ended: its hits leave the user's quota, and this one goes to the address. */
  async #moveToAddress(identity: Identity): Promise<void> {
    const { client } = userQuota(this.#headers, identity, this.#windows);
    // Once is enough: the user's object counts nothing of the session after that.
    const isNews = !this.#ended.has(identity.sessionId);
    const told = isNews && this.#limiter.ask(client, (limiter) => limiter.endSessions([identity.sessionId]));
    await Promise.all([told, this.#isCountedByAddress || this.#countByAddress(identity, 1)]);
  }

  async #countByAddress({ sessionId }: Identity, count: number): Promise<void> {
    this.#ended.add(sessionId);
    await this.#limiter.report(addressQuotas(this.#headers, this.#windows), count);
  }

  async #revive(identity: Identity): Promise<void> {
    this.#ended.delete(identity.sessionId);
    const { client } = userQuota(this.#headers, identity, this.#windows);
    await this.#limiter.ask(client, (limiter) => limiter.reviveSession(identity.sessionId));
  }

  get #quotas(): Quota[] {
    if (this.#key === undefined) return addressQuotas(this.#headers, this.#windows);
    return [{ client: `key:${this.#key}`, windows: this.#windows }];
  }

  get #headers(): Headers {
    return this.#c.req.raw.headers;
  }

  get #ended() {
    return endedSessionsOf(this.#c.get('config'));
  }

  readonly #logError = (error: unknown): undefined => {
    logError(this.#c, error);
  };
}

/** Counts a public read of a caller without a token. @returns its headers, or that the quota is used up */
export function quotaOfRead(
  headers: Headers,
  context: Omit<LimiterContext, 'counts'>,
): Record<string, string> | 'used up' {
  if (context.windows.length === 0) return {};
  const limiter = new Limiter({ ...context, counts: isolateCounts });
  const quotas = addressQuotas(headers, context.windows);
  if (quotas.some((quota) => limiter.known(quota))) return 'used up';
  return quotaHeaders(context.windows, limiter.take(quotas));
}

/** The method and pattern of the route that the limit is attached to; a HEAD is counted with its GET. */
function routeKey(c: Context): string {
  const route = matchedRoutes(c)[c.req.routeIndex];
  return route ? `${route.method} ${route.path}` : c.req.method;
}
