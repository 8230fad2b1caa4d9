import type { Products } from './invalidation-log.ts';

/** A cached response. */
export interface Entry {
  /** JSON, encoded as it is sent. */
  body: Uint8Array;
  etag: string;
  /** Taken just before the database was asked, in milliseconds since the epoch; the age counts from here. */
  readAt: number;
  /** Milliseconds after `readAt` at which what it shows changes by the clock; absent: at no known time. */
  changesAfter?: number | undefined;
  products: Products;
  /** The headers it was last served with, reused while the general headers and the age in whole seconds are the same. */
  cachedHeaders?: { general: Headers; age: number; headers: Headers };
}

const MAX_BYTES = 16 * 1024 * 1024;
/** Roughly what an entry takes besides its body, in bytes. */
const OVERHEAD = 512;

const weightOf = (key: string, { body, products = [] }: Entry): number =>
  2 * key.length + body.length + 8 * products.length + OVERHEAD;

/** The cache tier of the isolate: least recently used entries are evicted beyond a number of bytes. */
export class Memory {
  readonly #entries = new Map<string, Entry>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: Entry): void {
    this.delete(key);
    this.#entries.set(key, entry);
    this.#bytes += weightOf(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= weightOf(key, entry);
  }
}
