import type { Window } from '../http/rate-limit/policy.ts';

/** What a client may still do, said of the window that binds first. */
export interface Standing extends Window {
  remaining: number;
  /** Until more of the quota is free than now. */
  resetSeconds: number;
  /** Until one more request fits; 0 when it fits already. */
  retryAfterSeconds: number;
}

/** The hits of one window, oldest first: the instant of a slot's last hit, and how many hits the slot holds. */
export type Slots = [at: number, count: number][];

/**
 * A window is cut into 60 slots, and a slot counts until its last hit has left the window. So no span of that length ever holds
 * more than the limit, however the requests fall, while a record stays small; the price is that hits that share a slot come
 * free up to a sixtieth of the window late.
 */
const SLOTS_PER_WINDOW = 60;

/** The slots that still count at `now`. */
export function liveSlots(slots: Slots, window: Window, now: number): Slots {
  return slots.filter(([at]) => at + window.seconds * 1000 > now);
}

export function addHits(slots: Slots, window: Window, now: number, count: number): Slots {
  const last = slots.at(-1);
  const length = (window.seconds * 1000) / SLOTS_PER_WINDOW;
  // The clock of an object that moves to another machine may step back.
  const at = Math.max(now, last?.[0] ?? 0);
  if (last && Math.floor(last[0] / length) === Math.floor(at / length)) {
    return [...slots.slice(0, -1), [at, last[1] + count]];
  }
  return [...slots, [at, count]];
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

/** Which of two standings binds a client first. */
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
