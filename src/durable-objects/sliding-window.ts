import type { Window } from '../rate-limits/policy.ts';

/** What a client may still do, in the window that is used up first. */
export interface Standing extends Window {
  remaining: number;
  /** Until more of the quota is free than is now. */
  resetSeconds: number;
  /** Until one more request fits; 0 when it fits already. */
  retryAfterSeconds: number;
}

/** The hits in one window, oldest slot first: the instant of the slot's last hit, and the number of its hits. */
export type Slots = [at: number, count: number][];

/**
 * Hits are stored in 60 slots per window, so that a record stays small. A slot counts until its last hit has left the window:
 * no period of that length ever holds more than the limit, and a hit may count up to a sixtieth of the window too long.
 */
const SLOTS_PER_WINDOW = 60;

/** The slots that still count at `now`. */
export function liveSlots(slots: Slots, window: Window, now: number): Slots {
  return slots.filter(([at]) => at + window.seconds * 1000 > now);
}

export function addHits(slots: Slots, window: Window, now: number, count: number): Slots {
  const last = slots.at(-1);
  const length = (window.seconds * 1000) / SLOTS_PER_WINDOW;
  // An object that moves to another machine may find an earlier clock there.
  const at = Math.max(now, last?.[0] ?? 0);
  if (last && Math.floor(last[0] / length) === Math.floor(at / length)) {
    return [...slots.slice(0, -1), [at, last[1] + count]];
  }
  return [...slots, [at, count]];
}

/** The hits of several clients in one window, oldest first. */
export function mergeSlots(each: Slots[]): Slots {
  const [only = [], ...more] = each;
  return more.length === 0 ? only : each.flat().sort(([a], [b]) => a - b);
}

export function countHits(slots: Slots): number {
  return slots.reduce((sum, [, count]) => sum + count, 0);
}

export function standing(slots: Slots, window: Window, now: number, cost: number): Standing {
  const used = countHits(slots);
  const retryAfterSeconds = secondsUntilFree(slots, window, now, used + cost - window.limit);
  return {
    ...window,
    remaining: Math.max(0, window.limit - used),
    resetSeconds: retryAfterSeconds || secondsUntilFree(slots, window, now, 1),
    retryAfterSeconds,
  };
}

/** Of two standings, the one that refuses the client first. */
export function tighter(a: Standing, b: Standing): Standing {
  const order =
    b.retryAfterSeconds - a.retryAfterSeconds || a.remaining - b.remaining || b.resetSeconds - a.resetSeconds;
  return order <= 0 ? a : b;
}

function secondsUntilFree(slots: Slots, window: Window, now: number, wanted: number): number {
  if (wanted <= 0) return 0;
  let freed = 0;
  for (const [at, count] of slots) {
    freed += count;
    if (freed >= wanted) return Math.max(1, Math.ceil((at - now) / 1000 + window.seconds));
  }
  return window.seconds;
}
