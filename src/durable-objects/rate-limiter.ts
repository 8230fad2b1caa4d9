import { DurableObject } from 'cloudflare:workers';
import { MAX_WINDOW_SECONDS, type Window } from '../rate-limits/policy.ts';
import {
  addHits,
  countHits,
  liveSlots,
  mergeSlots,
  type Slots,
  type Standing,
  standing,
  tighter,
} from './sliding-window.ts';

export interface Decision extends Standing {
  allowed: boolean;
  /** Hits that were counted in advance. */
  ahead?: number;
  /** The session has ended: nothing was counted, and the request belongs to the address it came from. */
  hasSessionEnded?: boolean;
  /** Other sessions that share this quota now, those with the most hits first. */
  otherSessions?: number[];
}

/** Per session and window length, in seconds, the hits in it; hits without a session are kept under 0. */
type SessionHits = Record<number, Record<number, Slots>>;

interface RouteRecord {
  sessions: SessionHits;
  expiresAt: number;
}

interface EndedSessions {
  /** Per session, the instant from which it need not be remembered. */
  until: Record<number, number>;
  expiresAt: number;
}

const MAX_ROUTE_LENGTH = 200;
const MAX_WINDOWS = 10;
const MAX_COUNT = 1_000_000;
/** Ten times the highest limit of the policy syntax: a network counts ten times as wide as one subscriber. */
const MAX_LIMIT = 9_999_999_990;
const MAX_OTHER_SESSIONS = 10;
const NO_SESSION = 0;
const ENDED_SESSIONS = 'ended sessions';
/** No access token lives longer, so after this a token of the session is refused by its own expiry. */
const ENDED_SESSION_MS = 86_400_000;

/**
 * Counts the requests of one client, per route. The object's name is the client's key. The hits of a user are kept per session,
 * so that those of a session that turns out to have ended can be taken out of the user's quota.
 */
export class RateLimiter extends DurableObject {
  /**
   * Decides on a request and counts it when it is allowed; a refused request is not counted.
   * @param ahead how many more hits to count in advance, as far as one more stays free after them
   */
  async hit(route: string, windows: Window[], cost = 1, sessionId = NO_SESSION, ahead = 0): Promise<Decision> {
    checkInput(route, windows, cost + ahead);
    const now = Date.now();
    if (this.#hasEnded(sessionId, now)) return ended(windows, now);
    const sessions = this.#sessionsOf(route, windows, now);
    const before = hitsOf(sessions, windows);
    const free = Math.min(...windows.map((window, i) => window.limit - countHits(before[i] ?? []) - cost));
    const allowed = free >= 0;
    const granted = Math.max(0, Math.min(ahead, free - 1));
    if (allowed) await this.#record(route, sessions, { windows, now, count: cost + granted, sessionId });
    const counted = allowed ? hitsOf(sessions, windows) : before;
    const standing = tightest(windows, counted, now, allowed ? 1 : cost);
    return { allowed, ...(granted > 0 && { ahead: granted }), ...standing, ...othersIn(sessions, sessionId) };
  }

  /** Counts requests that were served already, whatever the limit, and says whether one more would be allowed. */
  async report(route: string, windows: Window[], count: number, sessionId = NO_SESSION): Promise<Decision> {
    checkInput(route, windows, count);
    const now = Date.now();
    if (this.#hasEnded(sessionId, now)) return ended(windows, now);
    const sessions = this.#sessionsOf(route, windows, now);
    await this.#record(route, sessions, { windows, now, count, sessionId });
    const binding = tightest(windows, hitsOf(sessions, windows), now, 1);
    return { allowed: binding.retryAfterSeconds === 0, ...binding, ...othersIn(sessions, sessionId) };
  }

  /** Takes the hits of sessions that have ended out of the user's quota, and counts no more of them. */
  async endSessions(sessionIds: number[]): Promise<void> {
    const now = Date.now();
    const { until } = this.#endedSessions();
    for (const id of sessionIds) until[id] = now + ENDED_SESSION_MS;
    this.#keepEndedSessions(until, now);
    for (const [route, record] of [...this.ctx.storage.kv.list<RouteRecord>()]) {
      if (route === ENDED_SESSIONS) continue;
      for (const id of sessionIds) delete record.sessions[id];
      this.ctx.storage.kv.put(route, record);
    }
    await this.#scheduleCleanup(now + ENDED_SESSION_MS);
  }

  /** Counts a session by user again: the database accepts it, for example after a restore that used its id again. */
  reviveSession(sessionId: number): void {
    const { until } = this.#endedSessions();
    delete until[sessionId];
    this.#keepEndedSessions(until, Date.now());
  }

  /** Deletes what no longer counts, so that a client who stays away costs nothing. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    let next = 0;
    for (const [key, record] of [...this.ctx.storage.kv.list<RouteRecord | EndedSessions>()]) {
      if (record.expiresAt <= now) this.ctx.storage.kv.delete(key);
      else next = Math.max(next, record.expiresAt);
    }
    if (next === 0) await this.ctx.storage.deleteAll();
    else await this.ctx.storage.setAlarm(next);
  }

  /** The stored hits that still count; sessions without any are left out. */
  #sessionsOf(route: string, windows: Window[], now: number): SessionHits {
    const stored = this.ctx.storage.kv.get<RouteRecord>(route)?.sessions ?? {};
    const live: SessionHits = {};
    for (const [id, hits] of Object.entries(stored)) {
      const slots = windows.map((window) => liveSlots(hits[window.seconds] ?? [], window, now));
      if (slots.some((each) => each.length > 0)) live[Number(id)] = bySeconds(windows, slots);
    }
    return live;
  }

  /** Adds hits to those of their session, and stores the result. */
  async #record(
    route: string,
    sessions: SessionHits,
    { windows, now, count, sessionId }: { windows: Window[]; now: number; count: number; sessionId: number },
  ): Promise<void> {
    const before = sessions[sessionId] ?? {};
    const slots = windows.map((window) => addHits(before[window.seconds] ?? [], window, now, count));
    sessions[sessionId] = bySeconds(windows, slots);
    const expiresAt = now + longestMs(windows);
    this.ctx.storage.kv.put<RouteRecord>(route, { sessions, expiresAt });
    await this.#scheduleCleanup(expiresAt);
  }

  #endedSessions(): EndedSessions {
    return this.ctx.storage.kv.get<EndedSessions>(ENDED_SESSIONS) ?? { until: {}, expiresAt: 0 };
  }

  #hasEnded(sessionId: number, now: number): boolean {
    return sessionId !== NO_SESSION && (this.#endedSessions().until[sessionId] ?? 0) > now;
  }

  #keepEndedSessions(until: EndedSessions['until'], now: number): void {
    const current = Object.entries(until).filter(([, instant]) => instant > now);
    if (current.length === 0) return void this.ctx.storage.kv.delete(ENDED_SESSIONS);
    const expiresAt = Math.max(...current.map(([, instant]) => instant));
    this.ctx.storage.kv.put<EndedSessions>(ENDED_SESSIONS, { until: Object.fromEntries(current), expiresAt });
  }

  async #scheduleCleanup(instant: number): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(instant);
  }
}

/** Per window, the hits of all sessions. */
function hitsOf(sessions: SessionHits, windows: Window[]): Slots[] {
  return windows.map(({ seconds }) => mergeSlots(Object.values(sessions).map((slots) => slots[seconds] ?? [])));
}

function bySeconds(windows: Window[], slots: Slots[]): Record<number, Slots> {
  return Object.fromEntries(windows.map(({ seconds }, i) => [seconds, slots[i] ?? []]));
}

function othersIn(sessions: SessionHits, sessionId: number): Pick<Decision, 'otherSessions'> {
  const others = Object.keys(sessions)
    .map(Number)
    .filter((id) => id !== sessionId && id !== NO_SESSION);
  if (others.length === 0) return {};
  const hits = (id: number) => Math.max(...Object.values(sessions[id] ?? {}).map(countHits));
  return { otherSessions: others.sort((a, b) => hits(b) - hits(a)).slice(0, MAX_OTHER_SESSIONS) };
}

function ended(windows: Window[], now: number): Decision {
  return { allowed: false, hasSessionEnded: true, ...tightest(windows, [], now, 1) };
}

function tightest(windows: Window[], slots: Slots[], now: number, cost: number): Standing {
  return windows.map((window, i) => standing(slots[i] ?? [], window, now, cost)).reduce(tighter);
}

function longestMs(windows: Window[]): number {
  return Math.max(...windows.map((window) => window.seconds)) * 1000;
}

function checkInput(route: string, windows: Window[], count: number): void {
  const isValid =
    route.length > 0 &&
    route.length <= MAX_ROUTE_LENGTH &&
    windows.length > 0 &&
    windows.length <= MAX_WINDOWS &&
    windows.every(({ limit, seconds }) => isCount(limit, MAX_LIMIT) && isCount(seconds, MAX_WINDOW_SECONDS)) &&
    isCount(count, MAX_COUNT);
  if (!isValid) throw new RangeError('A rate limit needs a route, one to ten windows and a positive count');
}

function isCount(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}
