import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { Exception, ExceptionFilters } from './schemas.ts';

export type ExceptionRow = z.input<typeof Exception>;

export const exceptionsWhere = (condition: SQL): Statement<ExceptionRow> =>
  statement(sql`
    select id, branch_id, date::text, slot_id, closed, capacity, reason, created_at
    from slot_exceptions x where ${condition}`);

export async function listExceptions(call: SignedInCall, query: z.output<typeof ExceptionFilters>) {
  const { branch_id = null, date_from = null, date_to = null, limit, offset } = query;
  const condition = sql`x.branch_id = coalesce(${branch_id}::int, x.branch_id)
    and x.date >= coalesce(${date_from}::date, x.date) and x.date <= coalesce(${date_to}::date, x.date)`;
  const [items, [count]] = await call.batch([
    exceptionsWhere(sql`${condition} order by x.date, x.id limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from slot_exceptions x where ${condition}`),
  ]);
  return { items, total: count?.total ?? 0 };
}
