import { sql } from 'drizzle-orm';
import { onlyRow } from '../../../db/change.ts';
import { guard, setAuditAction, statement, textArray } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import { networkOf } from '../../../http/address.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { sha256 } from '../../../sha256.ts';
import { encryptSecret } from '../encrypted-secret.ts';
import { verifyPassword } from '../passwords.ts';
import type { SecondFactor } from '../schemas.ts';
import { checkFactor, type FactorRow, factorColumns } from '../second-factor.ts';
import { forgetFailures, isLocked, recordFailure, refuseLocked, type ThrottledRow, throttled } from '../throttle.ts';
import { newRecoveryCodes, newSecret, normalizedRecoveryCode, otpauthUrl } from '../totp.ts';

interface Owner extends ThrottledRow, FactorRow {
  email: string;
  password_hash: string;
  is_enabled: boolean;
}

/** Stores a new secret, which counts for nothing until a code confirms it. */
export async function setUpTotp(call: SignedInCall) {
  const { userId } = call.user;
  const secret = newSecret();
  const stored = await encryptSecret(call.config.totpKeys, userId, secret);
  const [, , rows] = await call.batch([
    guard(
      sql`(select totp_enabled_at is null from users where id = ${userId} for no key update)`,
      'TOTP_ALREADY_ENABLED',
    ),
    statement(sql`
      insert into totp_secrets (user_id, secret) values (${userId}, ${stored})
      on conflict (user_id) do update set secret = excluded.secret`),
    statement<{ email: string }>(sql`select email from users where id = ${userId}`),
  ]);
  const { email } = onlyRow(rows, 'AUTH_REQUIRED');
  return { secret, otpauth_url: otpauthUrl(secret, email) };
}

/** Two round trips, with the decrypted secret in between. Ends every other session: none of them has shown the second factor. */
export async function verifyTotp(call: SignedInCall, code: string) {
  const { userId, sessionId } = call.user;
  const owner = await ownerOf(call, { code });
  if (owner.is_enabled) throw new AppError('TOTP_ALREADY_ENABLED');
  const used = await usedFactor(call, owner, { code });
  const recovery_codes = newRecoveryCodes();
  const hashes = await Promise.all(recovery_codes.map((each) => sha256(normalizedRecoveryCode(each))));
  await call.batch([
    guard(
      sql`(select totp_enabled_at is null from users where id = ${userId} for no key update)`,
      'TOTP_ALREADY_ENABLED',
    ),
    // The setup may have been repeated meanwhile.
    guard(sql`(select secret from totp_secrets where user_id = ${userId}) = ${owner.secret}`, 'TOTP_NOT_SET_UP'),
    guard(sql`not ${isLocked(owner)}`, 'WRONG_TOTP'),
    used.use,
    setAuditAction('user', 'TOTP_ENABLED'),
    statement(sql`update users set totp_enabled_at = now(), updated_at = now() where id = ${userId}`),
    statement(sql`
      insert into totp_recovery_codes (user_id, code_hash) select ${userId}, unnest(${textArray(hashes)})`),
    statement(sql`
      update sessions set revoked_at = now() where user_id = ${userId} and id <> ${sessionId} and revoked_at is null`),
    forgetFailures(owner, sql`true`),
  ]);
  return { recovery_codes };
}

/** Two round trips, with hash and secret in between. */
export async function disableTotp(call: SignedInCall, { password, ...factor }: SecondFactor & { password: string }) {
  const { userId } = call.user;
  const owner = await ownerOf(call, factor);
  if (!owner.is_enabled) throw new AppError('TOTP_NOT_SET_UP');
  if ((await verifyPassword(password, owner.password_hash, call.config.bcryptCost)) === undefined) {
    await call.batch(recordFailure(owner));
    throw new AppError('WRONG_CURRENT_PASSWORD');
  }
  const used = await usedFactor(call, owner, factor);
  await call.batch([
    guard(
      sql`(select password_hash from users where id = ${userId} for no key update) = ${owner.password_hash}
          and not ${isLocked(owner)}`,
      'WRONG_CURRENT_PASSWORD',
    ),
    used.use,
    guard(used.isUsed, 'WRONG_TOTP'),
    setAuditAction('user', 'TOTP_DISABLED'),
    statement(sql`update users set totp_enabled_at = null, updated_at = now() where id = ${userId}`),
    statement(sql`delete from totp_recovery_codes where user_id = ${userId}`),
    statement(sql`delete from totp_secrets where user_id = ${userId}`),
    forgetFailures(owner, sql`true`),
  ]);
  return { success: true } as const;
}

/** @throws AppError 409 without a secret, 429 while sign-ins are locked */
async function ownerOf(call: SignedInCall, factor: SecondFactor): Promise<Owner> {
  const { columns, joins } = throttled(sql`u.email`, networkOf(call.client.ip));
  const [rows] = await call.batch([
    statement<Owner>(sql`
      select u.email, u.password_hash, u.totp_enabled_at is not null as is_enabled, ${await factorColumns(factor)}, ${columns}
      from users u join totp_secrets f on f.user_id = u.id ${joins} where u.id = ${call.user.userId}`),
  ]);
  const owner = onlyRow(rows, 'TOTP_NOT_SET_UP');
  refuseLocked(owner);
  return owner;
}

async function usedFactor(call: SignedInCall, owner: Owner, factor: SecondFactor) {
  const used = await checkFactor(call.config, call.user.userId, owner, factor);
  if (used) return used;
  await call.batch(recordFailure(owner));
  throw new AppError('WRONG_TOTP');
}
