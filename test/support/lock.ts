import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

/** As when a minute has passed: the user's lock holds no lease any more. */
export async function endLeases(userId: number): Promise<void> {
  const lock = env.IDEMPOTENCY_LOCK.getByName(String(userId));
  // Only what runs can be evicted, and perhaps nobody has asked for it yet.
  await lock.release('no key', 'nobody');
  await evictDurableObject(lock);
}
