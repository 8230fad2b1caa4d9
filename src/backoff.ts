const MINUTE = 60;
/**
 * No wait is longer, not even one that the provider asks for: for 30 minutes the provider knows a mail's key, and it may have taken the
 * last attempt, whose answer was lost.
 */
const LONGEST_WAIT = 25 * MINUTE;
/** The wait after the first, second, … failed attempt, in seconds. */
const WAITS: number[] = [1 * MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, ...Array(7).fill(LONGEST_WAIT)];

export const MAX_ATTEMPTS = WAITS.length + 1;
/** For what must not be given up: the wait once the others are used up. */
export const LAST_WAIT_SECONDS = 60 * MINUTE;

/**
 * Seconds until the next attempt after `attempt` attempts have failed (1 = the first), or null to give up for good.
 * A longer `Retry-After` is respected, a shorter one does not hurry us.
 */
export function retryDelaySeconds(attempt: number, retryAfterSeconds = 0): number | null {
  const wait = WAITS[Math.max(attempt, 1) - 1];
  return wait === undefined ? null : Math.max(wait, Math.min(retryAfterSeconds, LONGEST_WAIT));
}
