import type { Decision } from '../../durable-objects/rate-limiter.ts';
import { type Standing, standing, tighter } from '../../durable-objects/sliding-window.ts';
import type { Window } from './policy.ts';

interface Entry {
  /** The window that binds this client first, as far as this isolate knows. */
  binding: Window;
  remaining: number;
  /** When what is known here is out of date: then the client starts afresh and the next report puts it right. */
  until: number;
  /** Served here and not yet reported. */
  unreported: number;
  reportingUntil: number;
}

const MAX_ENTRIES = 10_000;
const MAX_ROUNDS = 20;
/** A request that is cancelled takes its report with it; after this another may take over. */
const REPORT_LEASE_MS = 5_000;

/**
 * What one isolate remembers of its clients' quotas, so that a cached read waits for nobody and a refused client is refused
 * without a call. Between two reports it may be wrong by what other isolates served meanwhile; all of that is counted.
 */
export class IsolateCounts {
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;

  constructor(maxEntries = MAX_ENTRIES) {
    this.#maxEntries = maxEntries;
  }

  /** The standing of a client who is known to have nothing left, else nothing. */
  refusal(key: string, now: number): Standing | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.remaining < 1 && now < entry.until ? describe(entry, now) : undefined;
  }

  /** Counts one request that this isolate serves by its own knowledge. */
  take(key: string, windows: Window[], now: number): Standing {
    let entry = this.#entries.get(key);
    if (!entry || now >= entry.until) entry = fresh(windows, now);
    entry.remaining -= 1;
    entry.unreported += 1;
    this.#keep(key, entry);
    return describe(entry, now);
  }

  /** Remembers what the limiter said. */
  learn(key: string, decision: Decision, now: number): void {
    const entry = this.#entries.get(key) ?? fresh([decision], now);
    correct(entry, decision, now);
    this.#keep(key, entry);
  }

  /**
   * Hands the unreported count to `send` and takes over what it answers, until nothing is left. One report of a client is
   * under way at a time, so a burst costs few calls. What could not be sent waits for the next report.
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

  #keep(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size <= this.#maxEntries) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }
}

function fresh(windows: Window[], now: number): Entry {
  const { limit, seconds } = windows.map((window) => standing([], window, now, 1)).reduce(tighter);
  return {
    binding: { limit, seconds },
    remaining: limit,
    until: now + seconds * 1000,
    unreported: 0,
    reportingUntil: 0,
  };
}

function correct(entry: Entry, decision: Decision, now: number): void {
  entry.binding = { limit: decision.limit, seconds: decision.seconds };
  entry.remaining = decision.remaining - entry.unreported;
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
