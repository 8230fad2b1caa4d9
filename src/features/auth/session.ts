import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Config } from '../../config.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { networkOf } from '../../http/address.ts';
import type { Call } from '../../http/context.ts';
import { REFRESH_TOKEN_DAYS, signAccessToken, signRefreshToken } from '../../http/tokens.ts';
import type { User } from './schemas.ts';

export type UserRow = z.input<typeof User>;

/** The data of tokens: the session, its user, and the database's clock. */
export interface SessionRow extends UserRow {
  session_id: number;
  refresh_generation: number;
  /** Seconds since the epoch, like the end of the session. */
  issued_at: number;
  ends_at: number;
}

export const USER_COLUMNS = sql.raw('u.id, u.email, u.full_name, u.phone, u.role');

/** Starts a session for the user that `user` (a relation with the user's columns, aliased `u`) selects, if any. */
export const startSession = (call: Call, user: SQL): Statement<SessionRow> =>
  statement(sql`
    with u as (${user}), s as (
      insert into sessions (user_id, user_agent, ip, network, expires_at)
      select u.id, ${call.client.userAgent}, ${call.client.ip}, ${networkOf(call.client.ip)},
             now() + make_interval(days => ${REFRESH_TOKEN_DAYS}::int)
      from u
      returning id, refresh_generation, expires_at
    )
    select ${USER_COLUMNS}, s.id as session_id, s.refresh_generation, extract(epoch from now())::int as issued_at,
           extract(epoch from s.expires_at)::int as ends_at
    from s, u`);

/** Signs the tokens of a session row. */
export async function tokensOf(config: Config, row: SessionRow) {
  const who = { userId: row.id, sessionId: row.session_id, role: row.role };
  const expires = Math.min(row.issued_at + config.accessTokenMinutes * 60, row.ends_at);
  const [access_token, refresh_token] = await Promise.all([
    signAccessToken(config.jwtSecrets, who, expires),
    signRefreshToken(config.jwtSecrets, who, row.refresh_generation, row.ends_at),
  ]);
  return { access_token, refresh_token, expires_at: new Date(expires * 1000).toISOString() };
}

export const sessionAnswer = async (config: Config, row: SessionRow) => ({
  user: { id: row.id, email: row.email, full_name: row.full_name, phone: row.phone, role: row.role },
  ...(await tokensOf(config, row)),
});
