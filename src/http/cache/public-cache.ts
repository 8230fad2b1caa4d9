import type { Config } from '../../config.ts';
import { Edge } from './edge.ts';
import { type Entry, Memory } from './memory.ts';
import { SingleFlight } from './single-flight.ts';
import { type Products, type Topic, Writes } from './writes.ts';

/** How old an answer may be, and which writes end it. */
export interface Policy {
  /** Whole ones. */
  seconds: number;
  topics: readonly Topic[];
}

export interface Read {
  key: string;
  /** Of the request, for the name of its answer at the edge. */
  origin: () => string;
  policy: Policy;
  /** Asks the database. */
  load: () => Promise<{ body: string; products: Products }>;
  /** Work that outlives the response. */
  background: (work: Promise<unknown>) => void;
}

/** Longer ones are answered, but not stored. */
const MAX_KEY = 1_024;

/**
 * Answers of public reads: memory of the isolate, then the edge, then the database. For the first half of its bound an
 * answer is fresh; in the second half it is still told while a new one is fetched behind the response; then it is gone.
 */
export class PublicCache {
  readonly #memory = new Memory();
  readonly #edge: Edge;
  readonly #reads = new SingleFlight<Entry>();
  readonly #writes = new Writes();

  constructor(deployment: string) {
    this.#edge = new Edge(deployment);
  }

  /** To be called after a write: whatever was read before is not told again by this isolate. */
  written(topics: readonly Topic[], products: Products): void {
    this.#writes.record(topics, products, Date.now());
  }

  /** What memory holds, if that is neither stale nor untrue. */
  fresh(key: string, policy: Policy): Entry | undefined {
    const kept = this.#memory.get(key);
    return kept && this.#isTellable(kept, policy) && !isStale(kept, policy) ? kept : undefined;
  }

  async read(read: Read): Promise<Entry> {
    const { key, policy, background } = read;
    const kept = this.#memory.get(key);
    if (!kept || !this.#isTellable(kept, policy)) return this.#fetch(read);
    if (isStale(kept, policy)) background(this.#fetch(read));
    return kept;
  }

  #isTellable({ readAt, products }: Entry, { seconds, topics }: Policy): boolean {
    return Date.now() - readAt < seconds * 1000 && this.#writes.isCurrent(readAt, topics, products);
  }

  #fetch(read: Read): Promise<Entry> {
    const { key, policy, background } = read;
    const isFit = (startedAt: number) => this.#writes.isCurrent(startedAt, policy.topics, undefined);
    return this.#reads.run(key, isFit, () => this.#load(read), background);
  }

  async #load({ key, origin, policy, load, background }: Read): Promise<Entry> {
    const isStored = key.length <= MAX_KEY;
    const shared = isStored ? await this.#edge.find(origin(), key) : undefined;
    const known = this.#memory.get(key);
    if (shared && shared.readAt > (known?.readAt ?? 0) && this.#isTellable(shared, policy)) {
      this.#memory.set(key, shared);
      return shared;
    }
    const readAt = Date.now();
    const { body: text, products } = await load();
    const body = new TextEncoder().encode(text);
    const entry = { body, products, readAt, etag: await etagOf(body) };
    if (isStored) {
      this.#memory.set(key, entry);
      background(this.#edge.keep(origin(), key, entry, policy.seconds));
    }
    return entry;
  }
}

const isStale = ({ readAt }: Entry, { seconds }: Policy): boolean => Date.now() - readAt >= seconds * 500;

/** In whole seconds, rounded up. */
export const ageOf = ({ readAt }: Entry): number => Math.ceil((Date.now() - readAt) / 1000);

/** For browsers and proxies: what is left of the bound at this age, so that all tiers together keep it. */
export function cacheControl(age: number, { seconds }: Policy): string {
  const left = Math.max(0, seconds - age);
  const fresh = Math.max(0, left - Math.floor(seconds / 2));
  return `public, max-age=${fresh}, stale-while-revalidate=${left - fresh}`;
}

async function etagOf(body: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', body);
  return `"${hex(digest, 16)}"`;
}

const hex = (digest: ArrayBuffer, bytes: number): string =>
  [...new Uint8Array(digest, 0, bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const caches = new WeakMap<Config, PublicCache>();

/** The one cache of a configuration in this isolate. */
export function publicCacheOf(config: Config): PublicCache {
  let cache = caches.get(config);
  if (!cache) {
    cache = new PublicCache(deploymentOf(config));
    caches.set(config, cache);
  }
  return cache;
}

/** The name of its database: no secret, and nothing that a client gets to see. */
function deploymentOf({ databaseUrl }: Config): string {
  const { hostname, pathname } = new URL(databaseUrl);
  return hostname + pathname;
}
