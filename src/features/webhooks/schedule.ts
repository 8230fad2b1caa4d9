const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** The wait after the first, second, … failed attempt, in seconds: three days in all, less half an hour. */
const WAITS = [1 * MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 16 * HOUR, 24 * HOUR];

/** Seconds until the next attempt after `attempts` have failed, or null when three days are over. */
export const nextAttemptSeconds = (attempts: number): number | null => WAITS[Math.max(attempts, 1) - 1] ?? null;
