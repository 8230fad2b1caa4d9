import type { Standing } from '../../durable-objects/sliding-window.ts';
import type { Window } from '../../rate-limits/policy.ts';

const NAMES: Record<number, string> = { 1: 'second', 60: 'minute', 3600: 'hour', 86400: 'day', 2592000: 'month' };

/** The response headers that describe the client's quota. */
export const QUOTA_HEADERS = [
  'RateLimit',
  'RateLimit-Policy',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
] as const;

type QuotaHeaders = Partial<Record<(typeof QUOTA_HEADERS)[number], string>>;

/** The fields of the current IETF draft, and the three of earlier drafts, which most clients read. Without a standing, the policy alone. */
export function quotaHeaders(windows: Window[], standing: Standing | undefined): QuotaHeaders {
  const policy = { 'RateLimit-Policy': policyHeader(windows) };
  if (!standing) return policy;
  return {
    ...policy,
    RateLimit: standingHeader(standing),
    'RateLimit-Limit': String(standing.limit),
    'RateLimit-Remaining': String(standing.remaining),
    'RateLimit-Reset': String(standing.resetSeconds),
  };
}

/** `RateLimit-Policy: "day";q=200;w=86400, "hour";q=50;w=3600` (IETF draft httpapi-ratelimit-headers). */
export function policyHeader(windows: Window[]): string {
  return windows.map((window) => `"${windowName(window)}";q=${window.limit};w=${window.seconds}`).join(', ');
}

/** `RateLimit: "hour";r=49;t=3600`, of the window that is used up first. */
export function standingHeader(standing: Standing): string {
  return `"${windowName(standing)}";r=${standing.remaining};t=${standing.resetSeconds}`;
}

function windowName({ seconds }: Window): string {
  return NAMES[seconds] ?? `${seconds}s`;
}
