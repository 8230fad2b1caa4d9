import type { Decision } from '../../durable-objects/rate-limiter.ts';
import { type Standing, standing, tighter } from '../../durable-objects/sliding-window.ts';
import type { Window } from '../../rate-limits/policy.ts';
import { setNewest } from './newest.ts';
import { PrepaidHits } from './prepaid-hits.ts';

interface Entry {
  /** The window that refuses this client first, as far as this isolate knows. */
  binding: Window;
  remaining: number;
  /** Other sessions of the user have used the quota too. */
  isShared: boolean;
  /** The instant from which this is out of date: the client then starts with a full quota, which the next report corrects. */
  until: number;
  /** Served here and not yet reported. */
  unreported: number;
  reportingUntil: number;
}

const MAX_ENTRIES = 10_000;
const MAX_ROUNDS = 20;
/** A request that is cancelled never finishes its report; after this another request may send one. */
const REPORT_LEASE_MS = 5_000;

/**
 * What one isolate remembers of its clients' quotas, so that a cached read waits for no call and a client without quota is refused
 * without one. Between two reports it may be off by what other isolates served meanwhile; all of that is counted later.
 */
export class IsolateCounts {
  readonly prepaid = new PrepaidHits();
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;

  constructor(maxEntries = MAX_ENTRIES) {
    this.#maxEntries = maxEntries;
  }

  /** The standing of a client whose quota is known to be used up. */
  refusal(key: string, now: number): (Standing & { isShared: boolean }) | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.remaining >= 1 || now >= entry.until) return undefined;
    return { ...describe(entry, now), isShared: entry.isShared };
  }

  /** Counts one request that this isolate serves without asking. */
  take(key: string, windows: Window[], now: number): Standing {
    let entry = this.#entries.get(key);
    if (!entry || now >= entry.until) entry = fresh(windows, now);
    entry.remaining -= 1;
    entry.unreported += 1;
    setNewest(this.#entries, key, entry, this.#maxEntries);
    return describe(entry, now);
  }

  /** Remembers what the limiter said. */
  learn(key: string, decision: Decision, now: number): void {
    const entry = this.#entries.get(key) ?? fresh([decision], now);
    correct(entry, decision, now);
    setNewest(this.#entries, key, entry, this.#maxEntries);
  }

  /**
   * Sends the unreported count and learns from the answer, until nothing is left to report. One report of a client runs at a
   * time, so a burst costs few calls. A count that could not be sent goes with the next report.
   */
  async report(key: string, send: (count: number) => Promise<Decision>): Promise<void> {
    const entry = this.#entries.get(key);
    if (!entry || Date.now() < entry.reportingUntil) return;
    try {
      for (let round = 0; round < MAX_ROUNDS && entry.unreported > 0; round++) {
        entry.reportingUntil = Date.now() + REPORT_LEASE_MS;
        const count = entry.unreported;
        const decision = await send(count);
        entry.unreported = Math.max(0, entry.unreported - count);
        correct(entry, decision, Date.now());
      }
    } finally {
      entry.reportingUntil = 0;
    }
  }

  get size(): number {
    return this.#entries.size;
  }
}

function fresh(windows: Window[], now: number): Entry {
  const { limit, seconds } = windows.map((window) => standing([], window, now, 1)).reduce(tighter);
  return {
    binding: { limit, seconds },
    remaining: limit,
    isShared: false,
    until: now + seconds * 1000,
    unreported: 0,
    reportingUntil: 0,
  };
}

function correct(entry: Entry, decision: Decision, now: number): void {
  entry.binding = { limit: decision.limit, seconds: decision.seconds };
  entry.remaining = decision.remaining - entry.unreported;
  entry.isShared = decision.otherSessions !== undefined;
  entry.until = now + decision.resetSeconds * 1000;
}

function describe(entry: Entry, now: number): Standing {
  const seconds = Math.max(1, Math.ceil((entry.until - now) / 1000));
  return {
    ...entry.binding,
    remaining: Math.max(0, entry.remaining),
    resetSeconds: seconds,
    retryAfterSeconds: entry.remaining < 1 ? seconds : 0,
  };
}
