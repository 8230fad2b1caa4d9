import type { Result, Router } from 'hono/router';
import { TrieRouter } from 'hono/router/trie-router';

const MAX_PATHS = 5_000;

/** Remembers where a path led: the same ones are asked for again and again, and a search costs more than a look. */
export class RememberingRouter<T> implements Router<T> {
  readonly name = 'RememberingRouter';
  readonly #router = new TrieRouter<T>();
  readonly #known = new Map<string, Result<T>>();

  add(...route: Parameters<Router<T>['add']>): void {
    this.#known.clear();
    this.#router.add(...route);
  }

  match(method: string, path: string): Result<T> {
    const name = `${method} ${path}`;
    const known = this.#known.get(name);
    if (known) return known;
    const result = this.#router.match(method, path);
    if (this.#known.size >= MAX_PATHS) this.#known.clear();
    this.#known.set(name, result);
    return result;
  }
}
