import { sql } from 'drizzle-orm';
import { statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import { networkOf } from '../../../http/address.ts';
import type { Call } from '../../../http/context.ts';
import { readChallenge } from '../challenge.ts';
import type { SecondFactor } from '../schemas.ts';
import { checkFactor, type FactorRow, factorColumns } from '../second-factor.ts';
import { sessionAnswer, startSession, USER_COLUMNS } from '../session.ts';
import { forgetFailures, isLocked, recordFailure, refuseLocked, type ThrottledRow, throttled } from '../throttle.ts';

interface Known extends ThrottledRow, FactorRow {
  email: string;
}

/**
 * Two round trips, with the decrypted secret in between. Wrong codes count with wrong passwords, so that neither can be
 * guessed beside the other.
 */
export async function loginWithTotp(call: Call, { challenge, ...factor }: SecondFactor & { challenge: string }) {
  const claims = await readChallenge(call.config, challenge);
  if (!claims) throw new AppError('TOTP_CHALLENGE_EXPIRED');
  const isSame = sql`u.id = ${claims.sub} and u.is_active and u.totp_enabled_at is not null
    and u.password_changed_at = ${claims.pwd}::timestamptz`;
  const { columns, joins } = throttled(sql`u.email`, networkOf(call.client.ip));
  const [[known]] = await call.batch([
    statement<Known>(sql`
      select u.email, ${await factorColumns(factor)}, ${columns}
      from users u join totp_secrets f on f.user_id = u.id ${joins} where ${isSame}`),
  ]);
  if (!known) throw new AppError('TOTP_CHALLENGE_EXPIRED');
  refuseLocked(known);
  const used = await checkFactor(call.config, claims.sub, known, factor);
  if (!used) {
    await call.batch(recordFailure(known));
    throw new AppError('INVALID_TOTP');
  }
  const hasSignedIn = sql`exists (select from sessions where user_id = ${claims.sub} and created_at = now())`;
  const [, , [session]] = await call.batch([
    // Locked first: failures that were recorded meanwhile decide, and a later change of the account ends the session.
    statement(sql`select from users u where ${isSame} for no key update`),
    used.use,
    startSession(
      call,
      sql`select ${USER_COLUMNS} from users u where ${isSame} and ${used.isUsed} and not ${isLocked(known)}`,
    ),
    forgetFailures(known, hasSignedIn),
    statement(sql`
      insert into audit_log (entity_type, entity_id, action, actor_user_id, context)
      select 'user', ${claims.sub}::int, 'LOGIN_SUCCESS', ${claims.sub}::int,
             jsonb_build_object('request_id', current_request(), 'second_factor', ${used.name}::text)
      where ${hasSignedIn}`),
  ]);
  if (!session) throw new AppError('INVALID_TOTP');
  return sessionAnswer(call.config, session);
}
