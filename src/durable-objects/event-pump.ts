import { DurableObject } from 'cloudflare:workers';

/** How long a publisher may take before another one may begin: the first one has died. */
const TURN_MS = 20_000;

/**
 * Lets one publisher of events run at a time, and none where there is no webhook, which saves a round trip after each change. Losing it loses nothing: how far events have been published is in the database.
 */
export class EventPump extends DurableObject {
  #turnEnds = 0;
  #again = false;

  /** Whether the caller shall publish now. While somebody else does, that one looks once more at the end. */
  async begin(): Promise<boolean> {
    if ((await this.ctx.storage.get('wanted')) !== true) return false;
    if (Date.now() < this.#turnEnds) {
      this.#again = true;
      return false;
    }
    this.#turnEnds = Date.now() + TURN_MS;
    this.#again = false;
    return true;
  }

  /** Ends a turn. @returns whether there was a change meanwhile: then the turn goes on */
  async end(isWanted: boolean): Promise<boolean> {
    const goesOn = this.#again;
    this.#again = false;
    this.#turnEnds = goesOn ? Date.now() + TURN_MS : 0;
    if (!isWanted && !goesOn) await this.ctx.storage.delete('wanted');
    return goesOn;
  }

  /** There is a webhook, or perhaps: the next publisher finds out. */
  async want(): Promise<void> {
    await this.ctx.storage.put('wanted', true);
  }
}
