import { sql } from 'drizzle-orm';
import { guard, statement } from '../../../db/statement.ts';
import { drainSoon } from '../../../email/outbox.ts';
import { AppError } from '../../../errors.ts';
import type { Call, SignedInCall } from '../../../http/context.ts';
import { hashPassword, randomToken, sha256, verifyPassword } from '../passwords.ts';
import { sessionAnswer, startSession, USER_COLUMNS } from '../session.ts';

const RESET_MINUTES = 30;

/** Two trips, with the hashes in between. The database ends every session; the caller gets a new one. */
export async function changePassword(call: SignedInCall, body: { current_password: string; new_password: string }) {
  const { bcryptCost } = call.config;
  const { userId } = call.user;
  const [[user]] = await call.batch([
    statement<{ password_hash: string }>(sql`select password_hash from users where id = ${userId}`),
  ]);
  if (!user || !(await verifyPassword(body.current_password, user.password_hash, bcryptCost))) {
    throw new AppError('WRONG_CURRENT_PASSWORD');
  }
  const hash = await hashPassword(body.new_password, bcryptCost);
  const [, , , [session]] = await call.batch([
    // Another change of it may have come first.
    guard(
      sql`(select password_hash from users where id = ${userId} for no key update) = ${user.password_hash}`,
      'WRONG_CURRENT_PASSWORD',
    ),
    statement(sql`update users set password_hash = ${hash}, password_changed_at = now(), updated_at = now()
                  where id = ${userId}`),
    statement(
      sql`insert into audit_log (entity_type, entity_id, action) values ('user', ${userId}, 'PASSWORD_CHANGED')`,
    ),
    startSession(call, sql`select ${USER_COLUMNS} from users u where u.id = ${userId}`),
  ]);
  if (!session) throw new Error('a changed password without a session');
  return sessionAnswer(call.config, session);
}

/** Mails a token that works once; a known and an unknown email get the same answer for the same work. */
export async function forgotPassword(call: Call, email: string): Promise<{ message: string; reset_token?: string }> {
  const token = randomToken();
  const hash = await sha256(token);
  await call.batch([
    statement(sql`
      with target as (
        select id, email, full_name from users where email = ${email} and is_active
      ), reset as (
        insert into password_resets (user_id, token_hash, expires_at)
        select id, ${hash}, now() + make_interval(mins => ${RESET_MINUTES}::int) from target
        on conflict (user_id) do update set
          token_hash = excluded.token_hash, expires_at = excluded.expires_at, created_at = now()
      )
      insert into outbox (kind, payload, status, sent_at)
      select 'PASSWORD_RESET', jsonb_build_object(
        'kind', 'PASSWORD_RESET',
        'to', jsonb_build_object('email', email, 'name', full_name),
        'params', jsonb_build_object('token', ${token}::text, 'full_name', full_name, 'expires_minutes', ${RESET_MINUTES}::int)),
        'PENDING', null::timestamptz
      from target
      union all
      -- For an unknown email something is written as well: a commit that writes nothing is quicker.
      select 'NOTHING', '{}'::jsonb, 'SENT', '-infinity'::timestamptz where not exists (select from target)`),
  ]);
  drainSoon(call);
  return {
    message: 'If there is an account with this email, a link to reset its password is on its way.',
    ...(call.config.isDevelopment && { reset_token: token }),
  };
}

/** Consumes the token and ends every session, at once. */
export async function resetPassword(call: Call, body: { email: string; token: string; new_password: string }) {
  const [tokenHash, passwordHash] = await Promise.all([
    sha256(body.token),
    hashPassword(body.new_password, call.config.bcryptCost),
  ]);
  const [[user]] = await call.batch([
    statement<{ id: number }>(sql`
      with consumed as (
        delete from password_resets r using users u
        where u.id = r.user_id and u.email = ${body.email} and u.is_active
          and r.token_hash = ${tokenHash} and r.expires_at > now()
        returning u.id
      ), noted as (
        insert into audit_log (entity_type, entity_id, action) select 'user', id, 'PASSWORD_RESET' from consumed
      )
      update users u set password_hash = ${passwordHash}, password_changed_at = now(), updated_at = now()
      from consumed where u.id = consumed.id
      returning u.id`),
    statement(sql`delete from login_throttles where email = ${body.email}
                  and exists (select from users where email = ${body.email} and password_changed_at = now())`),
  ]);
  if (!user) throw new AppError('INVALID_OR_EXPIRED_TOKEN');
  return { message: 'The password has been changed. Sign in with the new one.' };
}
