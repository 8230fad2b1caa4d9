import { sql } from 'drizzle-orm';
import { guard, statement } from '../../../db/statement.ts';
import { drainSoon } from '../../../email/outbox.ts';
import { AppError, validationError } from '../../../errors.ts';
import { networkOf } from '../../../http/address.ts';
import type { Call, SignedInCall } from '../../../http/context.ts';
import { sha256 } from '../../../sha256.ts';
import { hashPassword, randomToken, verifyPassword } from '../passwords.ts';
import { isOwnEmail, OWN_EMAIL } from '../schemas.ts';
import { sessionAnswer, startSession, USER_COLUMNS } from '../session.ts';
import { forgetFailures, isLocked, recordFailure, refuseLocked, type ThrottledRow, throttled } from '../throttle.ts';

const RESET_MINUTES = 30;
const MINUTES_BETWEEN_MAILS = 5;
const MAILS_PER_DAY = 5;

interface Owner extends ThrottledRow {
  email: string;
  password_hash: string;
}

/**
 * Two round trips, with the hashes in between. A wrong current password is a failed sign-in: a stolen session must
 * not be used to guess it. The database ends every session; the caller gets a new one.
 */
export async function changePassword(call: SignedInCall, body: { current_password: string; new_password: string }) {
  const { bcryptCost } = call.config;
  const { userId } = call.user;
  const { columns, joins } = throttled(sql`u.email`, networkOf(call.client.ip));
  const [[user]] = await call.batch([
    statement<Owner>(sql`select u.email, u.password_hash, ${columns} from users u ${joins} where u.id = ${userId}`),
  ]);
  if (!user) throw new AppError('AUTH_REQUIRED');
  refuseLocked(user);
  if (isOwnEmail(body.new_password, user.email)) {
    throw validationError([{ path: 'new_password', message: OWN_EMAIL }]);
  }
  if ((await verifyPassword(body.current_password, user.password_hash, bcryptCost)) === undefined) {
    await call.batch(recordFailure(user));
    throw new AppError('WRONG_CURRENT_PASSWORD');
  }
  const hash = await hashPassword(body.new_password, bcryptCost);
  const [, , , , [session]] = await call.batch([
    // The password may have been changed meanwhile, or the account locked.
    guard(
      sql`(select password_hash from users where id = ${userId} for no key update) = ${user.password_hash}
          and not ${isLocked(user)}`,
      'WRONG_CURRENT_PASSWORD',
    ),
    statement(sql`update users set password_hash = ${hash}, password_changed_at = now(), updated_at = now()
                  where id = ${userId}`),
    forgetFailures(user, sql`true`),
    statement(
      sql`insert into audit_log (entity_type, entity_id, action) values ('user', ${userId}, 'PASSWORD_CHANGED')`,
    ),
    startSession(call, sql`select ${USER_COLUMNS} from users u where u.id = ${userId}`),
  ]);
  if (!session) throw new Error('a changed password without a session');
  return sessionAnswer(call.config, session);
}

/**
 * Mails a token that works once; a known and an unknown email get the same response for the same work. One mail in five
 * minutes and five a day: further requests change nothing, so they can neither flood a mailbox nor invalidate the link in it.
 */
export async function forgotPassword(call: Call, email: string): Promise<{ message: string; reset_token?: string }> {
  const token = randomToken();
  const hash = await sha256(token);
  await call.batch([
    statement(sql`
      with target as (
        -- Locked, so that a change of the account either precedes this link or invalidates it.
        select id, email, full_name, language from users where email = ${email} and is_active for share
      ), reset as (
        insert into password_resets as r (user_id, token_hash, expires_at, sent_at)
        select id, ${hash}, now() + make_interval(mins => ${RESET_MINUTES}::int), array[now()] from target
        on conflict (user_id) do update set (token_hash, expires_at, sent_at) = (
          select case when recent.is_full then r.token_hash else excluded.token_hash end,
                 case when recent.is_full then r.expires_at else excluded.expires_at end,
                 case when recent.is_full then r.sent_at else recent.sends || now() end
          from (select coalesce(array_agg(at order by at), '{}') as sends,
                       count(*) >= ${MAILS_PER_DAY}
                         or count(*) filter (where at > now() - make_interval(mins => ${MINUTES_BETWEEN_MAILS}::int)) > 0
                         as is_full
                from unnest(r.sent_at) as at where at > now() - interval '24 hours') recent)
        returning r.token_hash = ${hash} as is_new
      )
      insert into outbox (kind, payload, status, sent_at)
      select 'PASSWORD_RESET', jsonb_build_object(
        'kind', 'PASSWORD_RESET',
        'to', jsonb_build_object('email', email, 'name', full_name,
          'language', coalesce(language, ${call.language ?? null}::text)),
        'params', jsonb_build_object('token', ${token}::text, 'full_name', full_name, 'expires_minutes', ${RESET_MINUTES}::int)),
        'PENDING', null::timestamptz
      from target, reset where is_new
      union all
      -- Written even when no mail is due: a commit without a write would be measurably quicker.
      select 'NOTHING', '{}'::jsonb, 'SENT', '-infinity'::timestamptz where not exists (select from reset where is_new)`),
  ]);
  drainSoon(call);
  return {
    message: 'If there is an account with this email, a link to reset its password is on its way.',
    ...(call.config.isDevelopment && { reset_token: token }),
  };
}

/** Consumes the token and ends all sessions. */
export async function resetPassword(call: Call, body: { email: string; token: string; new_password: string }) {
  const [tokenHash, passwordHash] = await Promise.all([
    sha256(body.token),
    hashPassword(body.new_password, call.config.bcryptCost),
  ]);
  const [[user]] = await call.batch([
    statement<{ id: number }>(sql`
      with owner as (
        -- Locked before the token, in the order used by account changes and forgotPassword.
        select id from users where email = ${body.email} and is_active for no key update
      ), consumed as (
        update password_resets r set token_hash = null from owner
        where r.user_id = owner.id and r.token_hash = ${tokenHash} and r.expires_at > now()
        returning owner.id
      ), noted as (
        insert into audit_log (entity_type, entity_id, action) select 'user', id, 'PASSWORD_RESET' from consumed
      )
      update users u set password_hash = ${passwordHash}, password_changed_at = now(), updated_at = now()
      from consumed where u.id = consumed.id
      returning u.id`),
    statement(sql`delete from login_throttles where email = ${body.email}
                  and exists (
                    -- With TOTP the count is also that of wrong codes, which a mailed link must not clear.
                    select from users
                    where email = ${body.email} and password_changed_at = now() and totp_enabled_at is null)`),
  ]);
  if (!user) throw new AppError('INVALID_OR_EXPIRED_TOKEN');
  return { message: 'The password has been changed. Sign in with the new one.' };
}
