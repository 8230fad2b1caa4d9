/** Until when a reader waits for the work of another one. */
const PATIENCE_MS = 3_000;

interface Flight<T> {
  startedAt: number;
  landing: Promise<T>;
}

/**
 * Concurrent work for one key is done once. A promise may be awaited across requests of an isolate, but it never settles
 * when the request that made it is cancelled: so who waits has a deadline, and then takes the work over. The others who
 * waited follow the new one.
 */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /**
   * @param isFit whether work that began at that instant will do
   * @param keepAlive lets the work outlive a client who hangs up
   */
  async join(
    key: string,
    isFit: (startedAt: number) => boolean,
    work: (startedAt: number) => Promise<T>,
    keepAlive: (work: Promise<unknown>) => void,
  ): Promise<T> {
    for (;;) {
      const flight = this.#flights.get(key);
      const patience = flight ? flight.startedAt + PATIENCE_MS - Date.now() : 0;
      if (!flight || patience <= 0 || !isFit(flight.startedAt)) return this.#lead(key, work, keepAlive);
      const landed = await within(patience, flight.landing);
      if (landed !== LATE) return landed;
    }
  }

  #lead(key: string, work: (startedAt: number) => Promise<T>, keepAlive: (work: Promise<unknown>) => void): Promise<T> {
    const startedAt = Date.now();
    const landing = work(startedAt).finally(() => {
      if (this.#flights.get(key)?.landing === landing) this.#flights.delete(key);
    });
    this.#flights.set(key, { startedAt, landing });
    keepAlive(landing.catch(() => undefined));
    return landing;
  }
}

const LATE = Symbol('late');

/** The timer also tells the runtime that this request is not hung: it has something of its own to wait for. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | typeof LATE> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
