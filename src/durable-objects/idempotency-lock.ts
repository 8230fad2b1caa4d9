import { DurableObject } from 'cloudflare:workers';

export type Acquisition = { acquired: true } | { acquired: false; retryAfterSeconds: number };

interface Lease {
  owner: string;
  expiresAt: number;
}

const MAX_OWNER_LENGTH = 200;
const MAX_LEASE_MS = 300_000;

/**
 * Keeps two requests with one idempotency key apart while the first is at work: a mutex whose lease ends by itself when its
 * owner dies. One object for each user, a lease for each key. It knows no answers, and forgets its leases when it is
 * evicted: answers and claims are in the database, which decides (docs/decisions/0012).
 */
export class IdempotencyLock extends DurableObject {
  readonly #leases = new Map<string, Lease>();

  /** Takes the lock of a key, or renews it when `owner` holds it already. */
  acquire(key: string, owner: string, leaseMs = 60_000): Acquisition {
    checkInput(owner, leaseMs);
    const now = Date.now();
    for (const [abandoned, lease] of this.#leases) if (lease.expiresAt <= now) this.#leases.delete(abandoned);
    const lease = this.#leases.get(key);
    if (lease && lease.owner !== owner) {
      return { acquired: false, retryAfterSeconds: Math.ceil((lease.expiresAt - now) / 1000) };
    }
    this.#leases.set(key, { owner, expiresAt: now + leaseMs });
    return { acquired: true };
  }

  /** Frees the lock; an owner who has lost it to another frees nothing. */
  release(key: string, owner: string): void {
    if (this.#leases.get(key)?.owner === owner) this.#leases.delete(key);
  }
}

function checkInput(owner: string, leaseMs: number): void {
  const sound = owner.length > 0 && owner.length <= MAX_OWNER_LENGTH;
  if (!sound || !Number.isInteger(leaseMs) || leaseMs < 1 || leaseMs > MAX_LEASE_MS) {
    throw new RangeError('A lease needs an owner and a positive length');
  }
}
