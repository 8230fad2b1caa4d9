import { DurableObject } from 'cloudflare:workers';

export type Acquisition = { acquired: true } | { acquired: false; retryAfterSeconds: number };

interface Lease {
  owner: string;
  expiresAt: number;
}

const LEASE = 'lease';
const MAX_OWNER_LENGTH = 200;
const MAX_LEASE_MS = 300_000;

/**
 * Keeps two requests with one idempotency key apart while the first is at work: a mutex whose lease ends by itself when its
 * owner dies. It knows no answers; those are in the database. The object's name is the user and the key.
 */
export class IdempotencyLock extends DurableObject {
  /** Takes the lock, or renews it when `owner` holds it already. */
  async acquire(owner: string, leaseMs = 60_000): Promise<Acquisition> {
    checkInput(owner, leaseMs);
    const now = Date.now();
    const lease = this.ctx.storage.kv.get<Lease>(LEASE);
    if (lease && lease.owner !== owner && lease.expiresAt > now) {
      return { acquired: false, retryAfterSeconds: Math.ceil((lease.expiresAt - now) / 1000) };
    }
    this.ctx.storage.kv.put<Lease>(LEASE, { owner, expiresAt: now + leaseMs });
    await this.ctx.storage.setAlarm(now + leaseMs);
    return { acquired: true };
  }

  /** Frees the lock; an owner who has lost it to another frees nothing. */
  async release(owner: string): Promise<void> {
    if (this.ctx.storage.kv.get<Lease>(LEASE)?.owner !== owner) return;
    await this.#clear();
  }

  override async alarm(): Promise<void> {
    const lease = this.ctx.storage.kv.get<Lease>(LEASE);
    if (lease && lease.expiresAt > Date.now()) await this.ctx.storage.setAlarm(lease.expiresAt);
    else await this.#clear();
  }

  async #clear(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }
}

function checkInput(owner: string, leaseMs: number): void {
  const sound = owner.length > 0 && owner.length <= MAX_OWNER_LENGTH;
  if (!sound || !Number.isInteger(leaseMs) || leaseMs < 1 || leaseMs > MAX_LEASE_MS) {
    throw new RangeError('A lease needs an owner and a positive length');
  }
}
