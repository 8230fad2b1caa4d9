const MINUTE = 60;
/**
 * The wait after the first, second, … failed attempt, in seconds. None is as long as the 30 minutes for which the provider
 * knows a mail's key: it may have taken the last attempt, whose answer was lost.
 */
const WAITS = [1, 2, 5, 15, 25, 25, 25, 25, 25, 25, 25].map((minutes) => minutes * MINUTE);
/** A provider's wish to wait is honoured up to here. */
const LONGEST_WAIT = 25 * MINUTE;

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
