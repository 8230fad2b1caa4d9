import { AppError } from '../../errors.ts';
import type { PublicCache } from './public-cache.ts';
import type { Topic } from './writes.ts';

/** Collects, while a write is at work, the products whose stock or rating it changed. */
export class Touched {
  products: number[] | undefined;

  readonly add = (products: readonly number[]): void => {
    this.products = [...(this.products ?? []), ...products];
  };
}

/** Carries out a write, and ends the answers of this isolate that it may have made untrue. */
export async function writing<T>(
  cache: PublicCache,
  topics: readonly Topic[],
  touched: Touched,
  work: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await work();
    cache.written(topics, touched.products);
    return answer;
  } catch (error) {
    // A refusal changed nothing, unless something was named before it. Of any other failure nobody knows how far it came.
    const isRefusal = error instanceof AppError && error.status < 500;
    if (!isRefusal || touched.products) cache.written(topics, touched.products);
    throw error;
  }
}
