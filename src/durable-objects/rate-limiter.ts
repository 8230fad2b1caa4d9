import { DurableObject } from 'cloudflare:workers';
import { MAX_WINDOW_SECONDS, type Window } from '../http/rate-limit/policy.ts';
import { addHits, countHits, liveSlots, type Slots, type Standing, standing, tighter } from './sliding-window.ts';

export interface Decision extends Standing {
  allowed: boolean;
}

/** What is stored for a route: per window length its slots, and when the last of them stops counting. */
interface RouteRecord {
  slots: Record<number, Slots>;
  expiresAt: number;
}

const MAX_ROUTE_LENGTH = 200;
const MAX_WINDOWS = 10;
const MAX_COUNT = 1_000_000;

/** Counts the requests of one client, per route. The object's name is the client's key. */
export class RateLimiter extends DurableObject {
  /** Decides on a request and counts it when it is allowed; one that is refused costs nothing. */
  async hit(route: string, windows: Window[], cost = 1): Promise<Decision> {
    checkInput(route, windows, cost);
    const now = Date.now();
    const slots = this.#live(route, windows, now);
    const allowed = windows.every((window, i) => countHits(slots[i] ?? []) + cost <= window.limit);
    const counted = allowed ? this.#record(route, windows, slots, now, cost) : slots;
    const decision = { allowed, ...tightest(windows, counted, now, allowed ? 1 : cost) };
    if (allowed) await this.#scheduleCleanup(now, windows);
    return decision;
  }

  /** Counts requests that have been served already, whatever the limit, and says whether a further one would be allowed. */
  async report(route: string, windows: Window[], count: number): Promise<Decision> {
    checkInput(route, windows, count);
    const now = Date.now();
    const counted = this.#record(route, windows, this.#live(route, windows, now), now, count);
    const binding = tightest(windows, counted, now, 1);
    await this.#scheduleCleanup(now, windows);
    return { allowed: binding.retryAfterSeconds === 0, ...binding };
  }

  /** Drops what no longer counts, so that a client who stays away costs nothing. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    let next = 0;
    for (const [route, record] of [...this.ctx.storage.kv.list<RouteRecord>()]) {
      if (record.expiresAt <= now) this.ctx.storage.kv.delete(route);
      else next = Math.max(next, record.expiresAt);
    }
    if (next === 0) await this.ctx.storage.deleteAll();
    else await this.ctx.storage.setAlarm(next);
  }

  #live(route: string, windows: Window[], now: number): Slots[] {
    const record = this.ctx.storage.kv.get<RouteRecord>(route);
    return windows.map((window) => liveSlots(record?.slots[window.seconds] ?? [], window, now));
  }

  #record(route: string, windows: Window[], live: Slots[], now: number, count: number): Slots[] {
    const slots = windows.map((window, i) => addHits(live[i] ?? [], window, now, count));
    const record: RouteRecord = {
      slots: Object.fromEntries(windows.map((window, i) => [window.seconds, slots[i] ?? []])),
      expiresAt: now + longestMs(windows),
    };
    this.ctx.storage.kv.put(route, record);
    return slots;
  }

  async #scheduleCleanup(now: number, windows: Window[]): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(now + longestMs(windows));
  }
}

function tightest(windows: Window[], slots: Slots[], now: number, cost: number): Standing {
  return windows.map((window, i) => standing(slots[i] ?? [], window, now, cost)).reduce(tighter);
}

function longestMs(windows: Window[]): number {
  return Math.max(...windows.map((window) => window.seconds)) * 1000;
}

function checkInput(route: string, windows: Window[], count: number): void {
  const sound =
    route.length > 0 &&
    route.length <= MAX_ROUTE_LENGTH &&
    windows.length > 0 &&
    windows.length <= MAX_WINDOWS &&
    windows.every(({ limit, seconds }) => isCount(limit, 999_999_999) && isCount(seconds, MAX_WINDOW_SECONDS)) &&
    isCount(count, MAX_COUNT);
  if (!sound) throw new RangeError('A rate limit needs a route, one to ten windows and a positive count');
}

function isCount(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}
