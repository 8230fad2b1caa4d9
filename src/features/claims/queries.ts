import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Language } from '../../db/schema/words.ts';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { ClaimRow, ClaimsQuery } from './schemas.ts';

/** The columns of `claim_rows`; `items` in a language. */
const columnsIn = (language: Language | undefined): SQL => {
  const items = language ? sql`lines_in(items::jsonb, ${language}) as items` : sql`items`;
  return sql`id, order_id, order_number, branch_id, user_id, status, wanted, amount, approved_amount, currency, is_automatic, note, refund_id,
    decided_by, decided_at, created_at, customer_name, customer_phone, ${items}`;
};

export const claimRows = (where: SQL, language: Language | undefined): Statement<ClaimRow> =>
  statement(sql`select ${columnsIn(language)} from claim_rows where ${where} order by id desc`);

/** @throws AppError 404 when the order is not the caller's */
export async function claimsOfOrder(call: SignedInCall, orderId: number): Promise<ClaimRow[]> {
  const isOwn = sql`exists (
    select from orders where id = ${orderId} and user_id = ${call.user.userId} and placed_at is not null)`;
  const [, claims] = await call.batch([
    guard(isOwn, 'NOT_FOUND'),
    claimRows(sql`order_id = ${orderId}`, call.language),
  ]);
  return claims;
}

/** Open claims first, oldest first; then the others, newest first. */
export async function claimsForStaff(call: SignedInCall, query: z.output<typeof ClaimsQuery>) {
  const { status, branch_id, limit, offset } = query;
  const conditions = [
    sql`sees_branch(branch_id)`,
    ...(status ? [sql`status = ${status}`] : []),
    ...(branch_id ? [sql`branch_id = ${branch_id}`] : []),
  ];
  const where = sql.join(conditions, sql` and `);
  const [items, [count]] = await call.batch([
    statement<ClaimRow>(sql`
      select ${columnsIn(call.language)} from claim_rows where ${where}
      order by status <> 'OPEN', case when status = 'OPEN' then id end, id desc limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from claim_rows where ${where}`),
  ]);
  return { items, total: count?.total ?? 0 };
}
