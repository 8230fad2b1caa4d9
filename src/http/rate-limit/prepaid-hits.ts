import type { Decision } from '../../durable-objects/rate-limiter.ts';
import type { Window } from '../../rate-limits/policy.ts';
import { setNewest } from './newest.ts';

interface Prepaid {
  left: number;
  decision: Decision;
  at: number;
}

const MAX_ENTRIES = 10_000;
/** What is not used by then is lost to the client: a hit counts from the instant it was paid, in whatever window it is used. */
const LIFETIME_MS = 10_000;
/** A request that is cancelled never hears its answer; after this another one may pay in advance. */
const QUESTION_MS = 1_000;
const MAX_AHEAD = 3;
/** Small limits are kept to the hit, since what an isolate does not use is missing elsewhere. */
const LIMIT_FOR_EACH = 60;

/** How many hits to pay in advance under these limits. */
export const hitsAhead = (windows: Window[]): number =>
  Math.max(0, Math.min(MAX_AHEAD, Math.floor(Math.min(...windows.map(({ limit }) => limit)) / LIMIT_FOR_EACH) - 1));

/**
 * Hits that a client's limiter has counted before they are made: the next writes of this isolate need not ask, and no more of them
 * get through than were counted.
 */
export class PrepaidHits {
  readonly #paid = new Map<string, Prepaid>();
  /** Per client, until when a question is under way that pays in advance: of a burst only one does. */
  readonly #asking = new Map<string, number>();

  /** How many hits to ask for beyond the one at hand, at most `wanted`; `keep` has to follow. */
  ahead(key: string, wanted: number, now: number): number {
    if (wanted === 0 || (this.#asking.get(key) ?? 0) > now) return 0;
    setNewest(this.#asking, key, now + QUESTION_MS, MAX_ENTRIES);
    return wanted;
  }

  /** Keeps what the limiter counted beyond the hit at hand. @returns the decision as the client sees it */
  keep(key: string, decision: Decision, now: number): Decision {
    const { ahead = 0 } = decision;
    if (ahead === 0) return decision;
    this.#asking.delete(key);
    setNewest(this.#paid, key, { left: ahead, decision, at: now }, MAX_ENTRIES);
    return { ...decision, remaining: decision.remaining + ahead };
  }

  /** Uses one. Undefined: there is none. */
  use(key: string, now: number): Decision | undefined {
    const paid = this.#paid.get(key);
    if (!paid) return undefined;
    const age = now - paid.at;
    if (paid.left === 0 || age < 0 || age >= LIFETIME_MS) {
      this.#paid.delete(key);
      return undefined;
    }
    paid.left -= 1;
    const { decision } = paid;
    const resetSeconds = Math.max(1, decision.resetSeconds - Math.floor(age / 1000));
    return { ...decision, remaining: decision.remaining + paid.left, resetSeconds };
  }
}
