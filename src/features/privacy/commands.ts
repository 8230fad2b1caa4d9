import { sql } from 'drizzle-orm';
import { onlyRow } from '../../db/change.ts';
import { guard, setAuditAction, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import { networkOf } from '../../http/address.ts';
import type { SignedInCall } from '../../http/context.ts';
import { verifyPassword } from '../auth/passwords.ts';
import { isLocked, recordFailure, refuseLocked, type ThrottledRow, throttled } from '../auth/throttle.ts';

const DAYS_UNTIL_ERASED = 14;

interface Owner extends ThrottledRow {
  email: string;
  password_hash: string;
}

/**
 * Ends all access of the caller at once; the job `erase_people` erases what is personal when the time is over. Two round trips, with the hash in
 * between. A wrong password is a failed sign-in.
 */
export async function deleteMe(call: SignedInCall, password: string) {
  const { userId } = call.user;
  const { columns, joins } = throttled(sql`u.email`, networkOf(call.client.ip));
  const [owners] = await call.batch([
    statement<Owner>(sql`select u.email, u.password_hash, ${columns} from users u ${joins} where u.id = ${userId}`),
  ]);
  const owner = onlyRow(owners, 'AUTH_REQUIRED');
  refuseLocked(owner);
  if ((await verifyPassword(password, owner.password_hash, call.config.bcryptCost)) === undefined) {
    await call.batch(recordFailure(owner));
    throw new AppError('WRONG_CURRENT_PASSWORD');
  }
  const [, , rows] = await call.batch([
    guard(
      sql`(select password_hash from users where id = ${userId} for no key update) = ${owner.password_hash}
          and not ${isLocked(owner)}`,
      'WRONG_CURRENT_PASSWORD',
    ),
    setAuditAction('user', 'DELETION_REQUESTED'),
    // Switching the account off ends its sessions, links and keys, by triggers.
    statement<{ erase_after: string }>(sql`
      update users set is_active = false, erase_after = now() + make_interval(days => ${DAYS_UNTIL_ERASED}::int), updated_at = now()
      where id = ${userId} returning erase_after`),
  ]);
  return { success: true as const, ...onlyRow(rows, 'AUTH_REQUIRED') };
}
