import { AppError, outcomeUnknown } from '../errors.ts';

/** How long a request that moves money is taken to be at work before a retry may find out what became of it. */
export const LEASE_SECONDS = 60;

/** A request that is sent again under the same key must ask for the same: `fingerprint` is the SHA-256 of what it asks. */
export interface KeyedRequest {
  key: string;
  fingerprint: string;
}

/** The row of a key that was used before, as `known_key` tells it. */
export interface KnownKey<Body> {
  fingerprint: string;
  /** Null while the first request is at work, or died. */
  status: number | null;
  body: Body | null;
  order_id: number | null;
  seconds_left: number;
}

/** The answer stored for a key. */
export interface StoredAnswer<Body> {
  status: number;
  body: Body | null;
  headers: Record<string, string>;
}

/**
 * What a key used before answers; undefined when the first request died.
 * @throws AppError 409 for another request under the same key, and while the first one is at work
 */
export function storedAnswer<Body>(
  known: KnownKey<Body>,
  { fingerprint }: KeyedRequest,
): StoredAnswer<Body> | undefined {
  if (known.fingerprint !== fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSE_MISMATCH');
  if (known.status !== null) {
    return { status: known.status, body: known.body, headers: { 'Idempotency-Replayed': 'true' } };
  }
  if (known.seconds_left > 0) throw inProgress(known.seconds_left);
  return undefined;
}

/** What the batch was broken off with, when that was a key used before; anything else is thrown again. */
export function knownKeyOf<Body>(error: unknown): KnownKey<Body> {
  if (error instanceof AppError && error.details.known) return error.details.known as KnownKey<Body>;
  throw error;
}

/** Money may have moved already: even a failure that undid its transaction leaves it to a retry or the job to finish. */
export function leaveToRetry(error: unknown): never {
  throw error instanceof AppError && error.status === 503 ? outcomeUnknown(LEASE_SECONDS, error) : error;
}

export const inProgress = (seconds: number): AppError =>
  new AppError('IDEMPOTENCY_IN_PROGRESS', undefined, { headers: { 'Retry-After': String(Math.max(seconds, 1)) } });
