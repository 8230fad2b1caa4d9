import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { BOOKING_DAYS } from './booking.ts';
import type { Branch, DeliverySlot, DeliverySource, SlotQuery } from './schemas.ts';

export async function listBranches(call: Call, { limit, offset }: { limit: number; offset: number }) {
  const [items, [count]] = await call.batch([
    statement<z.input<typeof Branch>>(sql`
      select id, translated(name, translations, ${call.language ?? null}, 'name') as name,
        translated(address, translations, ${call.language ?? null}, 'address') as address, is_active
      from branches where is_active
      order by branches.id = ${call.config.deliverySourceBranchId} desc, lower(branches.name), id
      limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::integer as total from branches where is_active`),
  ]);
  return { items, total: count?.total ?? 0 };
}

export async function deliverySource(call: Call) {
  const [[branch]] = await call.batch([
    statement<z.input<typeof DeliverySource>>(sql`
      select id, translated(name, translations, ${call.language ?? null}, 'name') as name from branches where id = ${call.config.deliverySourceBranchId} and is_active`),
  ]);
  if (!branch) throw new AppError('NOT_FOUND', 'There is no branch that delivers.');
  return branch;
}

/**
 * The active slots of active branches, with what is left of each on the requested date or on its next open one; with `days`, on every
 * date from then on. With a postal code, those of the branches that deliver there.
 */
export async function deliverySlots(call: Call, query: z.output<typeof SlotQuery>) {
  const { day_of_week = null, branch_id = null, date = null, days = null, postal_code = null } = query;
  const { timeZone, deliverySourceBranchId } = call.config;
  const [, slots] = await call.batch([
    guard(isDelivered(postal_code, deliverySourceBranchId), 'OUT_OF_AREA'),
    statement<z.input<typeof DeliverySlot>>(sql`
      select s.id, s.branch_id, s.day_of_week, s.start_time, s.end_time, s.cutoff_minutes, s.cutoff_day_before,
        (case when ${days}::int is null then s.next_date else s.wanted_date end)::text as next_date,
        offer.capacity, coalesce(offer.fee, s.zone_fee) as fee,
        least(greatest(offer.closes_at, '0001-01-01 00:00:00+00'::timestamptz), '9999-12-31 00:00:00+00'::timestamptz) as closes_at,
        case when offer.refusal is null then offer.places_left else 0 end as remaining,
        case when offer.refusal in ('TOO_FAR_AHEAD', 'OUTSIDE_SERVICE_HOURS') then 'CLOSED' else offer.refusal end as closed_reason
      from (
        select d.*, area.zone_fee, next.next_date, wanted.wanted_date
        from delivery_slots d
        join branches b on b.id = d.branch_id and b.is_active
        join lateral (${areaOf(sql`d.branch_id`, postal_code, deliverySourceBranchId)}) area on true
        cross join lateral (
          select slot_open_date(d.id, d.branch_id, d.day_of_week, d.start_time, ${BOOKING_DAYS}, ${timeZone}) as next_date
        ) next
        cross join lateral (
          select coalesce(${date}::date, next.next_date) as wanted_date where ${days}::int is null
          union all
          select day::date from generate_series(coalesce(${date}::date, (now() at time zone ${timeZone})::date)::timestamp,
            case when ${days}::int is not null then least(coalesce(${date}::date, (now() at time zone ${timeZone})::date) + ${days}::int - 1, '9999-12-31'::date)::timestamp end, interval '1 day') day
          where extract(dow from day) = d.day_of_week
        ) wanted
        where d.is_active
          and d.day_of_week = coalesce(${day_of_week}::integer, d.day_of_week)
          and d.branch_id = coalesce(${branch_id}::integer, d.branch_id)
          and (${days}::int is not null or d.day_of_week = coalesce(extract(dow from ${date}::date)::integer, d.day_of_week))
      ) s
      cross join lateral slot_offer(s.id, s.wanted_date, null, ${BOOKING_DAYS}, ${timeZone}) offer
      order by next_date, s.start_time, s.id`),
  ]);
  return slots;
}

/** Whether somebody delivers to a postal code: a zone has it, or none is required. Passes without one. */
const isDelivered = (code: string | null, source: number): SQL => sql`
  (${code}::text is null or exists (select from zone_of(${code}, ${source})) or not (select require_zone from settings))`;

/** One row, with the fee of the zone, when this branch delivers to the postal code; where no zone has it, the source does. */
const areaOf = (branch: SQL, code: string | null, source: number): SQL => sql`
  select null::numeric as zone_fee where ${code}::text is null
  union all
  select z.fee from delivery_zones z
    where z.codes @> postal_key(${code}) and coalesce(z.branch_id, ${source}) = ${branch}
  union all
  select null where ${code}::text is not null and ${branch} = ${source} and not exists (select from zone_of(${code}, ${source}))`;
