import type { Products } from './writes.ts';

/** A stored answer. */
export interface Entry {
  /** Of JSON, as it goes over the wire. */
  body: Uint8Array;
  etag: string;
  /** Just before the database was asked, in milliseconds since the epoch: the age counts from here. */
  readAt: number;
  products: Products;
  /** The headers it was last told with, and what they were made for: the general ones, and its age in whole seconds. */
  told?: { ready: Headers; age: number; headers: Headers };
}

const MAX_BYTES = 16 * 1024 * 1024;
/** What an entry costs beside its text, about. */
const OVERHEAD = 512;

const weightOf = (key: string, { body, products = [] }: Entry): number =>
  2 * key.length + body.length + 8 * products.length + OVERHEAD;

/** The isolate's own tier: what was used last stays, within so many bytes. */
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
