import { type SQL, sql } from 'drizzle-orm';
import { statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';

const SUCCESS = { success: true } as const;

/** Ends one session of the caller. @throws AppError 404 when it is not theirs or has ended */
export async function endSession(call: SignedInCall, sessionId: number) {
  const [[ended]] = await call.batch([
    statement<{ id: number }>(sql`
      update sessions set revoked_at = now()
      where id = ${sessionId} and user_id = ${call.user.userId} and revoked_at is null and expires_at > now()
      returning id`),
  ]);
  if (!ended) throw new AppError('NOT_FOUND', 'There is no such session.');
  return SUCCESS;
}

/** Ends the session of this request. */
export const logOut = (call: SignedInCall) => end(call, sql`s.id = ${call.user.sessionId}`);

/** Ends every session of the caller. */
export const logOutEverywhere = (call: SignedInCall) => end(call, sql`s.user_id = ${call.user.userId}`);

/**
 * Does not use `begin_request`, which refuses a session that ended while this request was in progress: two concurrent logouts
 * should both succeed.
 */
async function end(call: SignedInCall, which: SQL) {
  const [caller] = await call.database.single(
    statement(sql`
      with caller as (
        select s.id from sessions s join users u on u.id = s.user_id
        where s.id = ${call.user.sessionId} and s.user_id = ${call.user.userId} and u.is_active and s.expires_at > now()
          and (s.revoked_at is null or s.revoked_at >= to_timestamp(${call.receivedAt / 1000}::float8))
      ), ended as (
        update sessions s set revoked_at = now() where ${which} and s.revoked_at is null and exists (select from caller)
      )
      select id from caller`),
  );
  if (!caller) throw new AppError('AUTH_REQUIRED');
  return SUCCESS;
}
