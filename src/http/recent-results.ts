import { SingleFlight } from './cache/single-flight.ts';

const MAX_KEYS = 1_000;

/** Runs the work of a key at most once in a period; whoever asks within it gets the same result, also while it is under way. */
export class RecentResults<T> {
  readonly #runs = new SingleFlight<T>();
  readonly #results = new Map<string, { startedAt: number; value: T }>();
  readonly #milliseconds: number;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  async get(key: string, work: () => Promise<T>, keepAlive: (work: Promise<unknown>) => void): Promise<T> {
    const recent = this.#results.get(key);
    const age = recent ? Date.now() - recent.startedAt : Number.POSITIVE_INFINITY;
    // An age below zero means that the clock was set back.
    if (recent && age >= 0 && age < this.#milliseconds) return recent.value;
    return this.#runs.run(
      key,
      () => true,
      (startedAt) => this.#run(key, startedAt, work),
      keepAlive,
    );
  }

  async #run(key: string, startedAt: number, work: () => Promise<T>): Promise<T> {
    const value = await work();
    if (this.#results.size >= MAX_KEYS) this.#results.clear();
    this.#results.set(key, { startedAt, value });
    return value;
  }
}
