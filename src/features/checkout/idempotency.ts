import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { crashable } from '../../crash.ts';
import { type Statement, statement } from '../../db/statement.ts';
import type { Acquisition, IdempotencyLock } from '../../durable-objects/idempotency-lock.ts';
import { AppError } from '../../errors.ts';
import type { Ahead, Call, SignedInCall } from '../../http/context.ts';
import { Reply, type RouteSpec } from '../../http/route.ts';
import { inProgress, type KeyedRequest, type KnownKey, LEASE_SECONDS, storedAnswer } from '../../idempotency/keys.ts';
import { inTime } from '../../in-time.ts';
import { logFailure } from '../../log.ts';
import type { ActionRequired } from '../payments/action.ts';
import { type Confirmation, ConfirmHeaders } from './schemas.ts';

/** The stored answer of a confirm that did its work, or that waits for the customer. */
export type ConfirmationRow = z.input<typeof Confirmation> | z.input<typeof ActionRequired>;

const LOCK_TIMEOUT_MS = 1_000;

/** Who asks, by which key, for what. `attempt` distinguishes this request from concurrent duplicates. */
export interface Claim extends KeyedRequest {
  userId: number;
  attempt: string;
}

/** What is stored for a confirm: its answer, or why the payment was declined. */
export type Stored = ConfirmationRow | Record<string, unknown>;

/**
 * The response to a key used before: its stored answer, or undefined when the first request died or waits for the customer, and
 * its order is to be settled now. @throws AppError for a refusal
 */
export function replay(known: KnownKey<Stored>, claim: Claim): Reply<ConfirmationRow> | undefined {
  const stored = storedAnswer(known, claim);
  if (!stored || stored.status === 202) return undefined;
  const { status, body, headers } = stored;
  if (status === 402) throw new AppError('PAYMENT_FAILED', undefined, { details: { ...body }, headers });
  return new Reply(body as ConfirmationRow, { status: 200, headers });
}

/** The row of a key, without claiming it; an expired answer counts as none. */
const knownKey = ({ userId, key }: Claim): Statement<{ known: KnownKey<Stored> }> =>
  statement(sql`
    select known_key(user_id, scope, key) as known from idempotency_keys
      where user_id = ${userId} and scope = 'CHECKOUT' and key = ${key}
      and (response_status is null or not idempotency_key_expired(created_at))`);

/** The lock of a key, asked for: held, taken by another request, or without an answer, in which case the row decides alone. */
class Lease implements Ahead {
  /** Distinguishes this request from concurrent duplicates. */
  readonly attempt = crypto.randomUUID();
  readonly answer: Promise<Acquisition | undefined>;
  readonly #key: string;
  readonly #lock: DurableObjectStub<IdempotencyLock>;
  #isTaken = false;

  constructor(env: Env, userId: number, key: string) {
    this.#key = key;
    this.#lock = env.IDEMPOTENCY_LOCK.getByName(String(userId));
    const acquire = () =>
      inTime(LOCK_TIMEOUT_MS, this.#lock.acquire(key, this.attempt, LEASE_SECONDS * 1000) as Promise<Acquisition>);
    this.answer = (CRASH_TESTS ? crashable('lock', acquire) : acquire()).catch((error) => {
      logFailure('The idempotency lock did not answer', error);
      return undefined;
    });
  }

  /** Whoever takes it releases it. */
  take(): this {
    this.#isTaken = true;
    return this;
  }

  async cancel(background: Call['background']): Promise<void> {
    if (!this.#isTaken) await this.release(background);
  }

  /** Waits for a lock that answers, so that a retry sent right after a refusal finds it free. */
  async release(background: Call['background']): Promise<void> {
    const acquisition = await this.answer;
    if (acquisition?.acquired === false) return;
    const release = () => inTime(LOCK_TIMEOUT_MS, this.#lock.release(this.#key, this.attempt) as Promise<void>);
    const released = (CRASH_TESTS ? crashable('unlock', release) : release()).catch(() => undefined);
    // Its lease ends by itself; a lock that did not answer may have been taken all the same.
    if (acquisition) await released;
    else background(released);
  }
}

/** Asks for the lock of the key that the request comes with. */
export const leaseAhead: NonNullable<RouteSpec['ahead']> = (env, { userId, keyHash }, headers) => {
  const sent = ConfirmHeaders.safeParse({ 'idempotency-key': headers.get('idempotency-key') ?? undefined });
  const key = sent.data?.['idempotency-key'];
  return key === undefined || keyHash !== undefined ? undefined : new Lease(env, userId, key);
};

/** The lock that was asked for while the rate limit was decided. */
export function leaseOf({ ahead, env, user }: SignedInCall, key: string): Lease {
  return ahead instanceof Lease ? ahead.take() : new Lease(env, user.userId, key);
}

/**
 * Lets only one of concurrent duplicates proceed until the key's row is committed. From there on the row answers,
 * so the lock is left to its lease: freeing it would be one more call, for each purchase, on the way to the customer.
 * The row decides, so the work goes on when the lock does not answer.
 * @param work gets a callback to call once the key's row is committed
 * @param resume settles the order of a key whose payment waits for the customer
 */
export async function withIdempotencyLock(
  call: SignedInCall,
  claim: Claim,
  lease: Lease,
  work: (claimed: () => void) => Promise<Reply<ConfirmationRow>>,
  resume: (known: KnownKey<Stored>) => Promise<Reply<ConfirmationRow>>,
): Promise<Reply<ConfirmationRow>> {
  const acquisition = await lease.answer;
  if (acquisition?.acquired === false) {
    const [[row]] = await call.batch([knownKey(claim)]);
    const answer = row && replay(row.known, claim);
    if (answer) return answer;
    // Nobody is at work on it any more: the lock is left to its lease.
    if (row?.known.status === 202) return resume(row.known);
    throw inProgress(acquisition.retryAfterSeconds);
  }
  let isClaimed = false;
  try {
    return await work(() => {
      isClaimed = true;
    });
  } finally {
    if (!isClaimed) await lease.release(call.background);
  }
}
