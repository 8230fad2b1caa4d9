import { DurableObject } from 'cloudflare:workers';

/** How long a publisher may take before another one may begin: the first one has died. */
const TURN_MS = 20_000;

/**
 * Lets one publisher of events run at a time, and none where nobody listens, neither a webhook nor a live room: that saves a round
 * trip after each change. Losing it loses no event: how far events have been published is in the database, and rooms look for
 * themselves from time to time.
 */
export class EventPump extends DurableObject<Env> {
  #turnEnds = 0;
  #again = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    // Which rooms have sockets, and whose they are.
    ctx.storage.sql.exec(
      `create table if not exists listeners (room text, user_id integer, is_staff integer, primary key (room, user_id)) without rowid;
       create index if not exists listeners_user on listeners (user_id)`,
    );
  }

  /** Whether the caller shall publish now. While somebody else does, that one looks once more at the end. */
  async begin(): Promise<boolean> {
    if ((await this.ctx.storage.get('wanted')) !== true && !this.hasListeners()) return false;
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

  /** A user has a socket in the room. */
  enter(room: string, userId: number, isStaff: boolean): void {
    this.ctx.storage.sql.exec(`insert or replace into listeners values (?, ?, ?)`, room, userId, isStaff ? 1 : 0);
  }

  /** The last sockets of these users in the room have ended; without users, those of everybody. */
  leave(room: string, userIds?: readonly number[]): void {
    const condition = userIds && ' and user_id in (select value from json_each(?))';
    const values = userIds ? [JSON.stringify(userIds)] : [];
    this.ctx.storage.sql.exec(`delete from listeners where room = ?${condition ?? ''}`, room, ...values);
  }

  hasListeners(): boolean {
    return this.ctx.storage.sql.exec('select 1 from listeners limit 1').toArray().length > 0;
  }

  /** Those of the rooms that have sockets. */
  listening(rooms: readonly string[]): string[] {
    return this.#rooms('room in (select value from json_each(?))', JSON.stringify(rooms));
  }

  /** The rooms in which these users, or any of the staff, have sockets. */
  roomsOf(userIds: readonly number[], { andStaff }: { andStaff: boolean }): string[] {
    const condition = 'user_id in (select value from json_each(?)) or (is_staff = 1 and ?)';
    return this.#rooms(condition, JSON.stringify(userIds), andStaff ? 1 : 0);
  }

  #rooms(condition: string, ...values: (string | number)[]): string[] {
    const rows = this.ctx.storage.sql.exec<{ room: string }>(
      `select distinct room from listeners where ${condition}`,
      ...values,
    );
    return rows.toArray().map(({ room }) => room);
  }
}
