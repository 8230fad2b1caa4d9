import type { Config } from '../../config.ts';
import { Edge } from './edge.ts';
import { InvalidationLog, type Products, type Topic } from './invalidation-log.ts';
import { type Entry, Memory } from './memory.ts';
import { SingleFlight } from './single-flight.ts';

/** How old a response may be, and which changes invalidate it. */
export interface Policy {
  /** A whole number. */
  seconds: number;
  topics: readonly Topic[];
  /** The response depends on `Accept-Language`. */
  translated: boolean;
}

export interface Read {
  key: string;
  /** Origin of the request: part of the key in the edge cache. */
  origin: () => string;
  policy: Policy;
  /** Asks the database. */
  load: () => Promise<{ body: string; products: Products; changesAfter?: number | undefined }>;
  /** Work that outlives the response. */
  background: (work: Promise<unknown>) => void;
}

/** Responses with a longer key are not stored. */
const MAX_KEY = 1_024;

/**
 * Serves public reads from the memory of the isolate, then from the edge, then from the database. A response is fresh for
 * the first half of its lifetime; in the second half it is still served while a new one is fetched after the response.
 */
export class PublicCache {
  readonly #memory = new Memory();
  readonly #edge: Edge;
  readonly #reads = new SingleFlight<Entry>();
  readonly #invalidations = new InvalidationLog();

  constructor(deployment: string) {
    this.#edge = new Edge(deployment);
  }

  /** Call after a change: this isolate no longer serves what was read before it. */
  invalidate(topics: readonly Topic[], products: Products): void {
    this.#invalidations.record(topics, products, Date.now());
  }

  /** The entry in memory, if it is neither stale nor invalidated. */
  fresh(key: string, policy: Policy): Entry | undefined {
    const kept = this.#memory.get(key);
    return kept && this.#isServable(kept, policy) && !isStale(kept, policy) ? kept : undefined;
  }

  async read(read: Read): Promise<Entry> {
    const { key, policy, background } = read;
    const kept = this.#memory.get(key);
    if (!kept || !this.#isServable(kept, policy)) return this.#fetch(read);
    if (isStale(kept, policy)) background(this.#fetch(read));
    return kept;
  }

  #isServable(entry: Entry, policy: Policy): boolean {
    const { readAt, products } = entry;
    return (
      Date.now() - readAt < lifetimeOf(entry, policy) && this.#invalidations.isCurrent(readAt, policy.topics, products)
    );
  }

  #fetch(read: Read): Promise<Entry> {
    const { key, policy, background } = read;
    const isUsable = (startedAt: number) => this.#invalidations.isCurrent(startedAt, policy.topics, undefined);
    return this.#reads.run(key, isUsable, () => this.#load(read), background);
  }

  async #load({ key, origin, policy, load, background }: Read): Promise<Entry> {
    const isStored = key.length <= MAX_KEY;
    const shared = isStored ? await this.#edge.find(origin(), key) : undefined;
    const known = this.#memory.get(key);
    if (shared && shared.readAt > (known?.readAt ?? 0) && this.#isServable(shared, policy)) {
      this.#memory.set(key, shared);
      return shared;
    }
    const readAt = Date.now();
    const { body: text, products, changesAfter } = await load();
    const body = new TextEncoder().encode(text);
    const entry: Entry = { body, products, readAt, changesAfter, etag: await etagOf(body) };
    if (isStored) {
      this.#memory.set(key, entry);
      background(this.#edge.keep(origin(), key, entry, Math.ceil(lifetimeOf(entry, policy) / 1000)));
    }
    return entry;
  }
}

/** How long a response may be served, in milliseconds after it was read: never beyond a change that is known to come. */
const lifetimeOf = ({ changesAfter = Number.POSITIVE_INFINITY }: Entry, { seconds }: Policy): number =>
  Math.min(seconds * 1000, changesAfter);

const isStale = (entry: Entry, policy: Policy): boolean => Date.now() - entry.readAt >= lifetimeOf(entry, policy) / 2;

/** Age in whole seconds, rounded up. */
export const ageOf = ({ readAt }: Entry): number => Math.ceil((Date.now() - readAt) / 1000);

/** For browsers and proxies: what is left of the lifetime at this age, so that all tiers together never exceed it. */
export function cacheControl(entry: Entry, policy: Policy): string {
  const age = ageOf(entry);
  const seconds = Math.floor(lifetimeOf(entry, policy) / 1000);
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

/** The cache that all requests with this configuration share in this isolate. */
export function publicCacheOf(config: Config): PublicCache {
  let cache = caches.get(config);
  if (!cache) {
    cache = new PublicCache(deploymentOf(config));
    caches.set(config, cache);
  }
  return cache;
}

/** Identifies a deployment by its database; holds no secret and is never sent to clients. */
function deploymentOf({ databaseUrl }: Config): string {
  const { hostname, pathname } = new URL(databaseUrl);
  return hostname + pathname;
}
