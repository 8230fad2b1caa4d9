import { type SQL, sql } from 'drizzle-orm';
import { guard, type Statement } from '../../db/statement.ts';

/**
 * The rules of a slot, checked on the slot as it will be: a subquery of one row with `id` (null for a new slot),
 * `branch_id`, `day_of_week`, `start_time`, `end_time`,
 * `is_active`, `cutoff_minutes`, `cutoff_day_before`. An inactive slot may overlap others and lie outside
 * the service hours: both are checked when it is activated.
 */
export const slotRules = (wanted: SQL): [Statement, Statement, Statement, Statement] => [
  guard(
    sql`(select w.end_time - w.start_time = interval '2 hours' from (${wanted}) w)`,
    'INVALID_SLOT',
    sql`'{"reason": "NOT_TWO_HOURS"}'::jsonb`,
  ),
  guard(
    sql`(select not w.is_active or (w.start_time >= hours.opens_at and w.end_time <= hours.closes_at)
         from (${wanted}) w, settings hours)`,
    'INVALID_SLOT',
    sql`(select jsonb_build_object('reason', 'OUTSIDE_SERVICE_HOURS', 'slots',
           to_char(opens_at, 'HH24:MI') || '-' || to_char(closes_at, 'HH24:MI')) from settings)`,
  ),
  guard(
    sql`(select w.cutoff_minutes = 0 or w.cutoff_day_before is null from (${wanted}) w)`,
    'INVALID_SLOT',
    sql`'{"reason": "TWO_CUTOFFS"}'::jsonb`,
  ),
  guard(
    sql`not exists (${overlapping(wanted)})`,
    'INVALID_SLOT',
    sql`(select jsonb_build_object('reason', 'OVERLAP', 'slot_id', (${overlapping(wanted)} limit 1)))`,
  ),
];

const overlapping = (wanted: SQL): SQL => sql`
  select s.id from (${wanted}) w join delivery_slots s
    on s.branch_id = w.branch_id and s.day_of_week = w.day_of_week and s.id is distinct from w.id
  where w.is_active and s.is_active and s.start_time < w.end_time and w.start_time < s.end_time`;
