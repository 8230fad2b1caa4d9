import { sql } from 'drizzle-orm';
import { type Statement, statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import type { Call } from '../../../http/context.ts';
import { hashPassword, needsRehash, verifyPassword } from '../passwords.ts';
import { sessionAnswer, startSession, USER_COLUMNS } from '../session.ts';

interface Credentials {
  email: string;
  password: string;
}

interface Known {
  id: number | null;
  password_hash: string | null;
  wait_seconds: number | null;
}

/**
 * Two trips, with the hash in between. An unknown email, a wrong password and a switched-off account cost the same
 * work and get the same answer.
 */
export async function login(call: Call, { email, password }: Credentials) {
  const [[known]] = await call.batch([
    statement<Known>(sql`
      select u.id, u.password_hash, ceil(extract(epoch from t.locked_until - now()))::int as wait_seconds
      from (select) as always
      left join users u on u.email = ${email} and u.is_active
      left join login_throttles t on t.email = ${email} and t.locked_until > now()`),
  ]);
  if (known?.wait_seconds) throw slowDown(known.wait_seconds);
  const { bcryptCost } = call.config;
  const hash = known?.password_hash ?? undefined;
  if (!(await verifyPassword(password, hash, bcryptCost)) || !known?.id || !hash) {
    await call.batch([recordFailure(email), auditFailure(email)]);
    throw new AppError('INVALID_CREDENTIALS');
  }
  // The hash is compared again, and the row kept: a password changed meanwhile must not sign in, one changed afterwards
  // finds the session and ends it.
  const isSame = sql`id = ${known.id} and password_hash = ${hash} and is_active`;
  const hasSignedIn = sql`exists (select from sessions where user_id = ${known.id} and created_at = now())`;
  const renewed = needsRehash(hash, bcryptCost) ? await hashPassword(password, bcryptCost) : undefined;
  const [[session]] = await call.batch([
    startSession(
      call,
      sql`select ${USER_COLUMNS} from users u where ${isSame}
          and not exists (select from login_throttles t where t.email = u.email and t.locked_until > now())
          for no key update of u`,
    ),
    statement(sql`delete from login_throttles where email = ${email} and ${hasSignedIn}`),
    statement(sql`insert into audit_log (entity_type, entity_id, action, actor_user_id)
                  select 'user', ${known.id}::int, 'LOGIN_SUCCESS', ${known.id}::int where ${hasSignedIn}`),
    ...(renewed
      ? [statement(sql`update users set password_hash = ${renewed} where ${isSame} and ${hasSignedIn}`)]
      : []),
  ]);
  if (!session) throw new AppError('INVALID_CREDENTIALS');
  return sessionAnswer(call.config, session);
}

const slowDown = (seconds: number) =>
  new AppError('RATE_LIMITED', 'Too many failed sign-ins for this account. Wait before trying again.', {
    headers: { 'Retry-After': String(seconds) },
  });

/** Ten failures within 15 minutes close the account to sign-ins for a minute; every further one doubles that, to an hour. */
const recordFailure = (email: string): Statement =>
  statement(sql`
    insert into login_throttles as t (email, failed_at) values (${email}, array[now()])
    on conflict (email) do update set (failed_at, lock_count, locked_until, updated_at) = (
      select recent.failures,
             case when recent.locks then t.lock_count + 1 else t.lock_count end,
             case when recent.locks
               then now() + least(interval '1 minute' * power(2, least(t.lock_count, 6)), interval '1 hour')
               else t.locked_until end,
             now()
      -- Failures that were at work when the lock came do not make it a longer one.
      from (select array_agg(at order by at) as failures,
                   count(*) >= 10 and coalesce(t.locked_until <= now(), true) as locks
            from unnest(t.failed_at || now()) as at where at > now() - interval '15 minutes') recent
    )`);

/** A security event; the address is the key, known or not. */
const auditFailure = (email: string): Statement =>
  statement(sql`
    insert into audit_log (entity_type, entity_id, action, context)
    select 'user', (select id from users where email = ${email}), 'LOGIN_FAILURE',
           jsonb_build_object('request_id', current_request(), 'email', ${email}::text)`);
