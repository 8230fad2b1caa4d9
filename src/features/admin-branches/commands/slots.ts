import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments, insertRow, onlyRow, switchActive } from '../../../db/change.ts';
import { guard, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { slotWhere } from '../queries.ts';
import type { NewSlot, SlotChange } from '../schemas.ts';
import { slotRules } from '../slot-guards.ts';
import { branchExists } from './branches.ts';

export async function createSlot(call: SignedInCall, body: z.output<typeof NewSlot>) {
  const { branch_id, day_of_week, start_time, end_time, cutoff_minutes = 0, cutoff_day_before = null } = body;
  const wanted = sql`
    select null::int as id, ${branch_id}::int as branch_id, ${day_of_week}::int as day_of_week,
           ${start_time}::time as start_time, ${end_time}::time as end_time, true as is_active,
           ${cutoff_minutes}::int as cutoff_minutes, ${cutoff_day_before}::time as cutoff_day_before`;
  const [, , , , , , rows] = await call.batch([
    branchExists(branch_id),
    ...slotRules(wanted),
    insertRow('delivery_slots', body),
    slotWhere(sql`branch_id = ${branch_id} and day_of_week = ${day_of_week} and start_time = ${start_time}
                  and is_active`),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

/** Existing orders keep their own window: a changed time or capacity applies to new bookings only. */
export async function changeSlot(call: SignedInCall, id: number, body: z.output<typeof SlotChange>) {
  const { branch_id = null, day_of_week = null, start_time = null, end_time = null, cutoff_minutes = null } = body;
  const cutoffDayBefore =
    body.cutoff_day_before === undefined ? sql`cutoff_day_before` : sql`${body.cutoff_day_before}::time`;
  const wanted = sql`
    select id, coalesce(${branch_id}::int, branch_id) as branch_id,
           coalesce(${day_of_week}::int, day_of_week) as day_of_week,
           coalesce(${start_time}::time, start_time) as start_time,
           coalesce(${end_time}::time, end_time) as end_time, is_active,
           coalesce(${cutoff_minutes}::int, cutoff_minutes) as cutoff_minutes, ${cutoffDayBefore} as cutoff_day_before
    from delivery_slots where id = ${id}`;
  const [, , , , , , , rows] = await call.batch([
    guard(sql`exists (select from delivery_slots where id = ${id} for update)`, 'SLOT_NOT_FOUND'),
    branchExists(branch_id),
    ...slotRules(wanted),
    statement(sql`update delivery_slots set ${assignments(body)} where id = ${id}`),
    slotWhere(sql`id = ${id}`),
  ]);
  return onlyRow(rows, 'SLOT_NOT_FOUND');
}

export async function toggleSlot(call: SignedInCall, id: number, active: boolean | null) {
  const wanted = sql`
    select id, branch_id, day_of_week, start_time, end_time, coalesce(${active}::boolean, not is_active) as is_active,
           cutoff_minutes, cutoff_day_before
    from delivery_slots where id = ${id}`;
  const [, , , , , , , rows] = await call.batch([
    guard(sql`exists (select from delivery_slots where id = ${id} for update)`, 'SLOT_NOT_FOUND'),
    ...slotRules(wanted),
    ...switchActive({ table: 'delivery_slots', entity: 'delivery_slot', id, wanted: active }),
    slotWhere(sql`id = ${id}`),
  ]);
  return onlyRow(rows, 'SLOT_NOT_FOUND');
}
