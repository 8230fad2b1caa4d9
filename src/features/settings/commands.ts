import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments, onlyRow } from '../../db/change.ts';
import { guard, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { SETTINGS } from './queries.ts';
import type { SettingsChange } from './schemas.ts';

const OUTSIDE = sql`
  select s.id from delivery_slots s join settings hours on s.start_time < hours.opens_at or s.end_time > hours.closes_at
  where s.is_active`;

/** Hours that leave an active slot outside are refused; the update locks the row that a slot being made waits for. */
export async function changeSettings(call: SignedInCall, { slots, ...fields }: z.output<typeof SettingsChange>) {
  const [opens_at, closes_at] = slots?.split('-') ?? [];
  const change = { ...fields, opens_at, closes_at, updated_by: call.user.userId };
  const [, , rows] = await call.batch([
    statement(sql`update settings set ${assignments(change)}`),
    guard(
      sql`${slots === undefined}::boolean or not exists (${OUTSIDE})`,
      'INVALID_SLOT',
      sql`(select jsonb_build_object('reason', 'OUTSIDE_SERVICE_HOURS', 'slot_ids', jsonb_agg(id order by id))
           from (${OUTSIDE}) outside)`,
    ),
    SETTINGS,
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}
