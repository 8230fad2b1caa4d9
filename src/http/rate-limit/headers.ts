import type { Standing } from '../../durable-objects/sliding-window.ts';
import type { Window } from './policy.ts';

const NAMES: Record<number, string> = { 1: 'second', 60: 'minute', 3600: 'hour', 86400: 'day', 2592000: 'month' };

/** `RateLimit-Policy: "day";q=200;w=86400, "hour";q=50;w=3600` (IETF draft httpapi-ratelimit-headers). */
export function policyHeader(windows: Window[]): string {
  return windows.map((window) => `"${windowName(window)}";q=${window.limit};w=${window.seconds}`).join(', ');
}

/** `RateLimit: "hour";r=49;t=3600`, of the window that binds first. */
export function standingHeader(standing: Standing): string {
  return `"${windowName(standing)}";r=${standing.remaining};t=${standing.resetSeconds}`;
}

function windowName({ seconds }: Window): string {
  return NAMES[seconds] ?? `${seconds}s`;
}
