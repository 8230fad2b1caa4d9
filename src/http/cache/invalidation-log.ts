/** What public reads depend on. `products` is the stock and rating of single products; their other data is `catalog`. */
export const TOPICS = ['catalog', 'products', 'branches', 'settings'] as const;
export type Topic = (typeof TOPICS)[number];

/** The products that a response shows or a command changed; undefined: any. */
export type Products = readonly number[] | undefined;

const MAX_PRODUCTS = 10_000;

/** When this isolate last changed what public reads show: a response read before that must not be served any more. */
export class InvalidationLog {
  readonly #topics = new Map<Topic, number>();
  readonly #products = new Map<number, number>();
  #anyProduct = 0;

  record(topics: readonly Topic[], products: Products, now: number): void {
    for (const topic of topics) {
      if (topic !== 'products' || products === undefined) this.#topics.set(topic, now);
      else this.#recordProducts(products, now);
    }
  }

  /** Whether data read at this instant includes every change that this isolate has made. */
  isCurrent(readAt: number, topics: readonly Topic[], products: Products): boolean {
    for (const topic of topics) if ((this.#topics.get(topic) ?? 0) >= readAt) return false;
    if (this.#anyProduct < readAt || !topics.includes('products')) return true;
    return products?.every((id) => (this.#products.get(id) ?? 0) < readAt) ?? false;
  }

  #recordProducts(products: readonly number[], now: number): void {
    if (products.length === 0) return;
    this.#anyProduct = now;
    for (const id of products) this.#products.set(id, now);
    if (this.#products.size <= MAX_PRODUCTS) return;
    this.#products.clear();
    this.#topics.set('products', now);
  }
}
