import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { AdminBranch, AdminSlot, BranchFilters, SlotFilters } from './schemas.ts';

type BranchRow = z.input<typeof AdminBranch>;
type SlotRow = z.input<typeof AdminSlot>;
interface Count {
  total: number;
}

const BRANCHES = sql`select id, name, address, translations, is_active, created_at, updated_at from branches`;
const SLOTS = sql`
  select id, branch_id, day_of_week, start_time, end_time, capacity, cutoff_minutes, cutoff_day_before, fee, is_active, created_at, updated_at
  from delivery_slots`;

export const branchWhere = (condition: SQL): Statement<BranchRow> => statement(sql`${BRANCHES} where ${condition}`);
export const slotWhere = (condition: SQL): Statement<SlotRow> => statement(sql`${SLOTS} where ${condition}`);

/** Without a value, every row matches. */
const equals = (column: string, value: number | boolean | undefined): SQL =>
  value === undefined ? sql`true` : sql`${sql.identifier(column)} = ${value}`;

export async function listBranches(call: SignedInCall, query: z.output<typeof BranchFilters>) {
  const { limit, offset, is_active } = query;
  const condition = equals('is_active', is_active);
  const [items, [count]] = await call.batch([
    branchWhere(sql`${condition} order by id limit ${limit} offset ${offset}`),
    statement<Count>(sql`select count(*)::int as total from branches where ${condition}`),
  ]);
  return { items, total: count?.total ?? 0 };
}

export async function listSlots(call: SignedInCall, query: z.output<typeof SlotFilters>) {
  const { limit, offset, branch_id, day_of_week, is_active } = query;
  const condition = sql`${equals('branch_id', branch_id)} and ${equals('day_of_week', day_of_week)}
    and ${equals('is_active', is_active)}`;
  const [items, [count]] = await call.batch([
    slotWhere(sql`${condition} order by branch_id, day_of_week, start_time, id limit ${limit} offset ${offset}`),
    statement<Count>(sql`select count(*)::int as total from delivery_slots where ${condition}`),
  ]);
  return { items, total: count?.total ?? 0 };
}
