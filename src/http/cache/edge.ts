import type { Entry } from './memory.ts';

const PAUSE_MS = 60_000;

/**
 * The cache tier of the data centre: the Cache API. It may be absent (workers.dev, a bare `workerd`) or fail; then it is
 * not used for a minute, and the other tiers serve alone.
 */
export class Edge {
  readonly #base: string;
  #pausedUntil = 0;

  /** @param base keeps the entries of this deployment apart from those of others in the same zone */
  constructor(base: string) {
    this.#base = base;
  }

  find(origin: string, key: string): Promise<Entry | undefined> {
    return this.#attempt(async (cache) => {
      const stored = await cache.match(this.#url(origin, key));
      if (!stored) return undefined;
      const products = stored.headers.get('Products');
      const changesAfter = stored.headers.get('Changes-After');
      return {
        body: new Uint8Array(await stored.arrayBuffer()),
        etag: stored.headers.get('ETag') ?? '',
        readAt: Number(stored.headers.get('Read-At')),
        changesAfter: changesAfter === null ? undefined : Number(changesAfter),
        products: products === null ? undefined : products.split(',').filter(Boolean).map(Number),
      };
    });
  }

  async keep(origin: string, key: string, entry: Entry, seconds: number): Promise<void> {
    await this.#attempt(async (cache) => {
      const headers = new Headers({ 'Cache-Control': `public, max-age=${seconds}`, ETag: entry.etag });
      headers.set('Read-At', String(entry.readAt));
      if (entry.changesAfter !== undefined) headers.set('Changes-After', String(entry.changesAfter));
      if (entry.products) headers.set('Products', entry.products.join(','));
      await cache.put(this.#url(origin, key), new Response(entry.body, { headers }));
    });
  }

  #url(origin: string, key: string): string {
    return `${origin}/${this.#base}${key}`;
  }

  async #attempt<T>(work: (cache: Cache) => Promise<T>): Promise<T | undefined> {
    if (Date.now() < this.#pausedUntil) return undefined;
    try {
      return await work(caches.default);
    } catch {
      this.#pausedUntil = Date.now() + PAUSE_MS;
      return undefined;
    }
  }
}
