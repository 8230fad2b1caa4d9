import { AppError } from '../../errors.ts';
import type { Topic } from './invalidation-log.ts';
import type { PublicCache } from './public-cache.ts';

/** Collects, while a command runs, the products whose stock or rating it changed. */
export class ChangedProducts {
  /** Undefined as long as the command has named none: then it may have changed any. */
  ids: number[] | undefined;
  /** The command has found nothing to do. */
  isNone = false;

  readonly add = (products: readonly number[]): void => {
    this.ids = [...(this.ids ?? []), ...products];
  };

  readonly none = (): void => {
    this.isNone = true;
  };
}

/** Runs a command, then invalidates the cached responses of this isolate that it may have made outdated. */
export async function invalidatingAfter<T>(
  cache: PublicCache,
  topics: readonly Topic[],
  changed: ChangedProducts,
  command: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await command();
    if (!changed.isNone) cache.invalidate(topics, changed.ids);
    return answer;
  } catch (error) {
    // A refusal changed nothing unless products were named before it; any other failure may have come after the commit.
    const isRefusal = error instanceof AppError && error.status < 500;
    if (!isRefusal || changed.ids) cache.invalidate(topics, changed.ids);
    throw error;
  }
}
