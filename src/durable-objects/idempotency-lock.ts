import { DurableObject } from 'cloudflare:workers';

export type Acquisition = { acquired: true } | { acquired: false; retryAfterSeconds: number };

interface Lease {
  owner: string;
  expiresAt: number;
}

const MAX_OWNER_LENGTH = 200;
const MAX_LEASE_MS = 300_000;

/**
 * A mutex per idempotency key, so that concurrent duplicates of a request do not run at once. One object per user; a lease per
 * key, which expires when its owner dies. Leases are lost on eviction, which is safe: claims and stored answers are in the
 * database, and the database decides (docs/decisions/0012).
 */
export class IdempotencyLock extends DurableObject {
  readonly #leases = new Map<string, Lease>();

  /** Acquires the lock of a key, or renews the lease when `owner` holds it already. */
  acquire(key: string, owner: string, leaseMs = 60_000): Acquisition {
    checkInput(owner, leaseMs);
    const now = Date.now();
    for (const [expired, lease] of this.#leases) if (lease.expiresAt <= now) this.#leases.delete(expired);
    const lease = this.#leases.get(key);
    if (lease && lease.owner !== owner) {
      return { acquired: false, retryAfterSeconds: Math.ceil((lease.expiresAt - now) / 1000) };
    }
    this.#leases.set(key, { owner, expiresAt: now + leaseMs });
    return { acquired: true };
  }

  /** Releases the lock, if `owner` still holds it. */
  release(key: string, owner: string): void {
    if (this.#leases.get(key)?.owner === owner) this.#leases.delete(key);
  }
}

function checkInput(owner: string, leaseMs: number): void {
  const isValid = owner.length > 0 && owner.length <= MAX_OWNER_LENGTH;
  if (!isValid || !Number.isInteger(leaseMs) || leaseMs < 1 || leaseMs > MAX_LEASE_MS) {
    throw new RangeError('A lease needs an owner and a positive length');
  }
}
