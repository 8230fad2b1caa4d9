import { type SQL, sql } from 'drizzle-orm';
import type { Config } from '../../config.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { sha256 } from '../../sha256.ts';
import { decryptSecret } from './encrypted-secret.ts';
import type { SecondFactor } from './schemas.ts';
import { acceptedStep, normalizedRecoveryCode } from './totp.ts';

/** What a code is checked against; the columns that `factorColumns` selects of `totp_secrets f`. */
export interface FactorRow {
  secret: string;
  last_step: number | null;
  /** Seconds since the epoch, of the database's clock. */
  now: number;
  has_recovery_code: boolean;
}

/** A code that is right at this moment: the statement that uses it up, and whether that statement did. */
export interface UsedFactor {
  name: 'totp' | 'recovery_code';
  use: Statement;
  isUsed: SQL;
}

const hashOf = (factor: SecondFactor) => sha256(normalizedRecoveryCode(factor.recovery_code ?? ''));

export const factorColumns = async (factor: SecondFactor): Promise<SQL> => sql`
  f.secret, f.last_step, extract(epoch from now())::float8 as now, exists (
    select from totp_recovery_codes r where r.user_id = f.user_id and r.code_hash = ${await hashOf(factor)} and r.used_at is null
  ) as has_recovery_code`;

/** Undefined when the code is wrong or used. Using it up decides again, because the same code may be sent twice at once. */
export async function checkFactor(
  { totpKeys }: Config,
  userId: number,
  row: FactorRow,
  factor: SecondFactor,
): Promise<UsedFactor | undefined> {
  if (factor.code === undefined) return row.has_recovery_code ? recoveryCode(userId, await hashOf(factor)) : undefined;
  const secret = await decryptSecret(totpKeys, userId, row.secret);
  const step = acceptedStep(secret, factor.code, row.now, row.last_step);
  return step === null ? undefined : timeStep(userId, step);
}

const recoveryCode = (userId: number, hash: string): UsedFactor => ({
  name: 'recovery_code',
  use: statement(sql`update totp_recovery_codes set used_at = now()
                     where user_id = ${userId} and code_hash = ${hash} and used_at is null`),
  isUsed: sql`exists (
    select from totp_recovery_codes where user_id = ${userId} and code_hash = ${hash} and used_at = now())`,
});

const timeStep = (userId: number, step: number): UsedFactor => ({
  name: 'totp',
  use: statement(sql`update totp_secrets set last_step = ${step}, last_used_at = now()
                     where user_id = ${userId} and coalesce(last_step < ${step}, true)`),
  isUsed: sql`exists (
    select from totp_secrets where user_id = ${userId} and last_step = ${step} and last_used_at = now())`,
});
