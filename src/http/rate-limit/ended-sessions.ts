const MAX_SESSIONS = 10_000;

/** The sessions that this isolate knows to have ended, the last ones only. */
export class EndedSessions {
  readonly #ids = new Set<number>();
  readonly #max: number;

  constructor(max = MAX_SESSIONS) {
    this.#max = max;
  }

  has(sessionId: number): boolean {
    return this.#ids.has(sessionId);
  }

  add(sessionId: number): void {
    this.#ids.add(sessionId);
    const [oldest] = this.#ids;
    if (this.#ids.size > this.#max && oldest !== undefined) this.#ids.delete(oldest);
  }

  delete(sessionId: number): void {
    this.#ids.delete(sessionId);
  }
}
