import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { BOOKING_DAYS } from './booking.ts';
import type { Branch, DeliverySlot, DeliverySource, SlotQuery } from './schemas.ts';

export async function listBranches(call: Call, { limit, offset }: { limit: number; offset: number }) {
  const [items, [count]] = await call.batch([
    statement<z.input<typeof Branch>>(sql`
      select id, name, address, is_active from branches where is_active
      order by id = ${call.config.deliverySourceBranchId} desc, lower(name), id
      limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::integer as total from branches where is_active`),
  ]);
  return { items, total: count?.total ?? 0 };
}

export async function deliverySource(call: Call) {
  const [[branch]] = await call.batch([
    statement<z.input<typeof DeliverySource>>(sql`
      select id, name from branches where id = ${call.config.deliverySourceBranchId} and is_active`),
  ]);
  if (!branch) throw new AppError('NOT_FOUND', 'There is no branch that delivers.');
  return branch;
}

/** The active slots of active branches, with the free places on the requested date or on the slot's next one. */
export async function deliverySlots(call: Call, { day_of_week, branch_id, date }: z.output<typeof SlotQuery>) {
  const { timeZone } = call.config;
  const [slots] = await call.batch([
    statement<z.input<typeof DeliverySlot>>(sql`
      select s.id, s.branch_id, s.day_of_week, s.start_time, s.end_time, s.capacity, s.next_date::text,
        case
          when not s.is_served then 0
          when slot_starts_at(s.wanted_date, s.start_time, ${timeZone}) <= now() then 0
          when s.wanted_date > (now() at time zone ${timeZone})::date + ${BOOKING_DAYS}::int then 0
          when s.capacity is null then null
          else greatest(s.capacity - slot_places_taken(s.id, s.wanted_date), 0)
        end as remaining
      from (
        select d.*, d.start_time >= hours.opens_at and d.end_time <= hours.closes_at as is_served, next.next_date, coalesce(${date ?? null}::date, next.next_date) as wanted_date
        from delivery_slots d
        join branches b on b.id = d.branch_id and b.is_active
        cross join settings hours
        cross join lateral (select slot_next_date(d.day_of_week, d.start_time, ${timeZone}) as next_date) next
        where d.is_active
          and d.day_of_week = coalesce(${day_of_week ?? null}::integer, d.day_of_week)
          and d.branch_id = coalesce(${branch_id ?? null}::integer, d.branch_id)
          and d.day_of_week = coalesce(extract(dow from ${date ?? null}::date)::integer, d.day_of_week)
      ) s
      order by s.next_date, s.start_time, s.id`),
  ]);
  return slots;
}
