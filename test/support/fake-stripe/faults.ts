/**
 * How requests to one route go wrong: after `skip` good ones, `times` of them fail (all, when left out).
 * `error` is answered with `status`; `drop` cuts the connection; `hang` says nothing for `ms` and then cuts it; `late`
 * answers after `ms`, or once released. `after`: the work is done, only the answer is lost or late.
 */
export interface Fault {
  /** As in `POST /v1/payment_intents/:id/capture`; `*` is every route. */
  route: string;
  mode: 'error' | 'drop' | 'hang' | 'late';
  when?: 'before' | 'after';
  status?: number;
  code?: string;
  ms?: number;
  skip?: number;
  times?: number;
  /** Whether an error is kept for replay: of the endpoint's own (5xx) by default, of a server in front of it not. */
  kept?: boolean;
}

/** A late answer that nobody releases comes after this time all the same. */
const patienceMs = 30_000;

/** The faults one account suffers, and the requests they hold back. */
export class Faults {
  #faults: Fault[] = [];
  readonly #held = new Set<() => void>();

  set(faults: Fault[]): void {
    this.#faults = faults.map((fault) => ({ ...fault }));
  }

  /** How many requests wait to be released. */
  get held(): number {
    return this.#held.size;
  }

  /** The fault this very request must suffer, if any. */
  take(route: string): Fault | null {
    for (const fault of this.#faults) {
      if (fault.route !== '*' && fault.route !== route) continue;
      if (fault.skip !== undefined && fault.skip > 0) {
        fault.skip -= 1;
        continue;
      }
      if (fault.times === undefined) return fault;
      if (fault.times <= 0) continue;
      fault.times -= 1;
      return fault;
    }
    return null;
  }

  /** Waits `ms`, or until released. */
  wait(ms: number = patienceMs): Promise<void> {
    return new Promise((resolve) => {
      const release = () => {
        clearTimeout(timer);
        this.#held.delete(release);
        resolve();
      };
      const timer = setTimeout(release, ms).unref();
      this.#held.add(release);
    });
  }

  releaseAll(): void {
    for (const release of [...this.#held]) release();
  }
}
