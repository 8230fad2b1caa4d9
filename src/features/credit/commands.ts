import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { GrantedCredit, NewCredit } from './schemas.ts';

/**
 * Gives a customer store credit, or takes some back; the customer is told.
 * @throws AppError 403 for one's own account, 404, 409 INSUFFICIENT_CREDIT, 422 beyond what an account holds
 */
export async function grantCredit(call: SignedInCall, userId: number, { amount, reason }: z.output<typeof NewCredit>) {
  const [, , [granted]] = await call.batch([
    guard(sql`${userId} <> ${call.user.userId}`, 'CANNOT_APPROVE_OWN'),
    guard(sql`exists (select from users where id = ${userId})`, 'USER_NOT_FOUND'),
    statement<z.input<typeof GrantedCredit>>(sql`
      insert into credit_entries (user_id, currency, amount, kind, reason)
      select ${userId}::int, currency, ${amount}::numeric, case when ${amount}::numeric > 0 then 'GRANT' else 'TAKEN_BACK' end, ${reason}
      from settings
      returning id, user_id, currency, amount, balance, kind, reason, order_id, created_at`),
    statement(sql`
      insert into notifications (user_id, type, data)
      select ${userId}::int, 'CREDIT', jsonb_build_object('amount', ${amount}::text, 'currency', currency, 'reason', ${reason}::text)
      from settings`),
  ]);
  if (!granted) throw new Error('a new entry of the ledger that is not there');
  return granted;
}
