import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { RefundsQuery, StaffRefundRow } from './schemas.ts';

export const oneStaffRefund = (id: number): Statement<StaffRefundRow> =>
  statement(sql`select * from staff_refunds where id = ${id}`);

export async function staffRefunds(call: SignedInCall, { status, limit, offset }: z.output<typeof RefundsQuery>) {
  const where = sql`sees_branch(branch_id) and ${status ? sql`status = ${status}` : sql`true`}`;
  const [items, [count]] = await call.batch([
    statement<StaffRefundRow>(sql`
      select * from staff_refunds where ${where} order by id desc limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from staff_refunds where ${where}`),
  ]);
  return { items, total: count?.total ?? 0 };
}
