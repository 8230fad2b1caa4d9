import { sql } from 'drizzle-orm';
import { statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import { networkOf } from '../../../http/address.ts';
import type { Call } from '../../../http/context.ts';
import { signChallenge } from '../challenge.ts';
import { hashPassword, needsRehash, verifyPassword } from '../passwords.ts';
import { sessionAnswer, startSession, USER_COLUMNS } from '../session.ts';
import { forgetFailures, isLocked, recordFailure, refuseLocked, type ThrottledRow, throttled } from '../throttle.ts';

interface Credentials {
  email: string;
  password: string;
}

interface Known extends ThrottledRow {
  id: number | null;
  password_hash: string | null;
  has_totp: boolean;
  password_changed: string;
  /** Seconds since the epoch. */
  now: number;
}

/**
 * Two round trips, with the hash in between. An unknown email, a wrong password and a deactivated account take the same work
 * and get the same response. With TOTP, the right password starts no session and clears no count: it earns a challenge.
 */
export async function login(call: Call, { email, password }: Credentials) {
  const { columns, joins } = throttled(sql`${email}`, networkOf(call.client.ip));
  const [[known]] = await call.batch([
    statement<Known>(sql`
      select u.id, u.password_hash, u.totp_enabled_at is not null as has_totp, u.password_changed_at::text as password_changed,
             extract(epoch from now())::int as now, ${columns}
      from (select) as always
      left join users u on u.email = ${email} and u.is_active ${joins}`),
  ]);
  if (!known) throw new Error('a sign-in without a count');
  refuseLocked(known);
  const counted = { email, network: known.network };
  const { bcryptCost } = call.config;
  const hash = known.password_hash ?? undefined;
  const spelling = await verifyPassword(password, hash, bcryptCost);
  if (spelling === undefined || !known.id || !hash) {
    await call.batch(recordFailure(counted));
    throw new AppError('INVALID_CREDENTIALS');
  }
  // The hash is compared again and the row locked: a password changed meanwhile must not sign in, and a later change
  // finds the session and ends it.
  const isSame = sql`id = ${known.id} and password_hash = ${hash} and is_active
    and (totp_enabled_at is not null) = ${known.has_totp}::boolean`;
  const hasSignedIn = sql`exists (select from sessions where user_id = ${known.id} and created_at = now())`;
  const renewed = needsRehash(hash, spelling, bcryptCost) ? await hashPassword(spelling, bcryptCost) : undefined;
  if (known.has_totp) {
    const challenge = await signChallenge(call.config, { sub: known.id, pwd: known.password_changed }, known.now);
    if (renewed) await call.batch([statement(sql`update users set password_hash = ${renewed} where ${isSame}`)]);
    throw new AppError('TOTP_REQUIRED', undefined, { details: { challenge } });
  }
  const [[session]] = await call.batch([
    startSession(
      call,
      sql`select ${USER_COLUMNS} from users u where ${isSame} and not ${isLocked(counted)} for no key update of u`,
    ),
    forgetFailures(counted, hasSignedIn),
    statement(sql`insert into audit_log (entity_type, entity_id, action, actor_user_id)
                  select 'user', ${known.id}::int, 'LOGIN_SUCCESS', ${known.id}::int where ${hasSignedIn}`),
    ...(renewed
      ? [statement(sql`update users set password_hash = ${renewed} where ${isSame} and ${hasSignedIn}`)]
      : []),
  ]);
  if (!session) throw new AppError('INVALID_CREDENTIALS');
  return sessionAnswer(call.config, session);
}
