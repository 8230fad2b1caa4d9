import { inTime } from '../../in-time.ts';

/** How long a request waits for work that another request began. */
const MAX_WAIT_MS = 3_000;
const LATE = Symbol('late');

interface Running<T> {
  startedAt: number;
  result: Promise<T>;
}

/**
 * Does concurrent work for one key once. A promise may be awaited across requests of an isolate, but it never settles when
 * the request that made it is cancelled. So a request waits with a deadline, which also shows the runtime that it is not
 * hung, and then does the work itself; the others that wait follow the new attempt.
 */
export class SingleFlight<T> {
  readonly #running = new Map<string, Running<T>>();

  /**
   * @param isUsable whether work that began at that instant may be shared
   * @param keepAlive lets the work outlive a client that disconnects
   */
  async run(
    key: string,
    isUsable: (startedAt: number) => boolean,
    work: (startedAt: number) => Promise<T>,
    keepAlive: (work: Promise<unknown>) => void,
  ): Promise<T> {
    for (;;) {
      const running = this.#running.get(key);
      const wait = running ? running.startedAt + MAX_WAIT_MS - Date.now() : 0;
      if (!running || wait <= 0 || !isUsable(running.startedAt)) return this.#start(key, work, keepAlive);
      const result = await inTime(wait, running.result, (): typeof LATE => LATE);
      if (result !== LATE) return result;
    }
  }

  #start(
    key: string,
    work: (startedAt: number) => Promise<T>,
    keepAlive: (work: Promise<unknown>) => void,
  ): Promise<T> {
    const startedAt = Date.now();
    const result = work(startedAt).finally(() => {
      if (this.#running.get(key)?.result === result) this.#running.delete(key);
    });
    this.#running.set(key, { startedAt, result });
    keepAlive(result.catch(() => undefined));
    return result;
  }
}
