import type { Decision, RateLimiter } from '../../durable-objects/rate-limiter.ts';
import { type Standing, tighter } from '../../durable-objects/sliding-window.ts';
import { AppError } from '../../errors.ts';
import { inTime } from '../../in-time.ts';
import type { Window } from '../../rate-limits/policy.ts';
import type { Identity } from '../context.ts';
import { addressKeys, clientKey } from './client-key.ts';
import { quotaHeaders } from './headers.ts';
import type { IsolateCounts } from './isolate-counts.ts';

/** What one request is counted against: a client, its limits, and for a user the session that the request came with. */
export interface Quota {
  client: string;
  windows: Window[];
  sessionId?: number;
}

const CALL_TIMEOUT_MS = 1_000;
/** A /48 holds many subscribers, each counted by its /64. */
const NETWORK_FACTOR = 10;

export const userQuota = (headers: Headers, { userId, sessionId }: Identity, windows: Window[]): Quota => ({
  client: clientKey(headers, userId),
  windows,
  sessionId,
});

/** The subscriber first: a request that its own quota refuses costs the network nothing. */
export function addressQuotas(headers: Headers, windows: Window[]): Quota[] {
  const { subscriber, network } = addressKeys(headers);
  if (network === undefined) return [{ client: subscriber, windows }];
  const wider = windows.map(({ limit, seconds }) => ({ limit: limit * NETWORK_FACTOR, seconds }));
  return [
    { client: subscriber, windows },
    { client: network, windows: wider },
  ];
}

export interface LimiterContext {
  env: Env;
  /** The method and pattern of the route. */
  route: string;
  /** The limits that answers name. */
  windows: Window[];
  counts: IsolateCounts;
  background: (work: Promise<unknown>) => void;
  failed: (error: unknown) => void;
}

/** Counts the requests of one route: by what the isolate remembers, and with the Durable Object of each client. */
export class Limiter {
  readonly #by: LimiterContext;

  constructor(context: LimiterContext) {
    this.#by = context;
  }

  /** The standing of a client whose quota is known to be used up; `isShared` when other sessions have used it too. */
  known(quota: Quota): (Standing & { isShared: boolean }) | undefined {
    return this.#by.counts.refusal(this.#key(quota), Date.now());
  }

  /**
   * Asks the client's object, which counts the request when it allows it. Undefined when it does not answer.
   * @param wanted hits to pay in advance, for requests that then need not ask
   */
  async hit(quota: Quota, wanted = 0): Promise<Decision | undefined> {
    const { client, windows, sessionId } = quota;
    const { prepaid } = this.#by.counts;
    const key = this.#key(quota);
    const paid = wanted > 0 ? prepaid.use(key, Date.now()) : undefined;
    if (paid) return paid;
    const ahead = prepaid.ahead(key, wanted, Date.now());
    try {
      const decision = await this.ask(client, (limiter) => limiter.hit(this.#by.route, windows, 1, sessionId, ahead));
      if (decision.hasSessionEnded) return decision;
      // In a burst another request may have paid for this one meanwhile.
      const paidMeanwhile = decision.allowed || wanted === 0 ? undefined : prepaid.use(key, Date.now());
      if (paidMeanwhile) return paidMeanwhile;
      if (decision.retryAfterSeconds > 0) this.learn(quota, decision);
      return prepaid.keep(key, decision, Date.now());
    } catch (error) {
      this.#by.failed(error);
      return undefined;
    }
  }

  /** Remembers what the client's object said, for the next requests of this isolate. */
  learn(quota: Quota, decision: Decision): void {
    this.#by.counts.learn(this.#key(quota), decision, Date.now());
  }

  /**
   * Counts a request by what this isolate remembers, and reports it to the client's object afterwards.
   * @param sessionEnded called with the number of requests that were not counted because their session has ended
   */
  take(quotas: Quota[], sessionEnded: (count: number) => Promise<void> = async () => undefined): Standing | undefined {
    const { counts, background, failed } = this.#by;
    let binding: Standing | undefined;
    for (const quota of quotas) {
      const standing = counts.take(this.#key(quota), quota.windows, Date.now());
      const report = counts.report(this.#key(quota), async (count) => {
        const decision = await this.#report(quota, count);
        if (decision.hasSessionEnded) await sessionEnded(count);
        return decision;
      });
      background(report.catch(failed));
      binding = binding ? tighter(binding, standing) : standing;
    }
    return binding;
  }

  /** Counts requests that were let through already. */
  async report(quotas: Quota[], count: number): Promise<void> {
    for (const quota of quotas) this.learn(quota, await this.#report(quota, count));
  }

  /** @throws Error when the client's object does not answer in time */
  async ask<T>(client: string, question: (limiter: DurableObjectStub<RateLimiter>) => Promise<T>): Promise<T> {
    return inTime(CALL_TIMEOUT_MS, question(this.#by.env.RATE_LIMITER.getByName(client)));
  }

  refusal(standing: Standing): AppError {
    return new AppError('RATE_LIMITED', undefined, {
      headers: { 'Retry-After': String(standing.retryAfterSeconds), ...quotaHeaders(this.#by.windows, standing) },
    });
  }

  #report({ client, windows, sessionId }: Quota, count: number): Promise<Decision> {
    return this.ask(client, (limiter) => limiter.report(this.#by.route, windows, count, sessionId));
  }

  /** Per session, because two sessions of a user do not end at the same time. */
  #key({ client, sessionId }: Quota): string {
    return sessionId === undefined ? `${client} ${this.#by.route}` : `${client}/${sessionId} ${this.#by.route}`;
  }
}
