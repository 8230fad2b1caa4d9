import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { FINISHED_LIST } from '../orders/order-rows.ts';
import type { Performance } from './schemas.ts';

/** A picker who settled a line within this window counts as active; a longer gap between two lines counts as a break. */
const PICKER_WINDOW_MINUTES = 30;
const PAUSE = sql.raw(`interval '${PICKER_WINDOW_MINUTES} minutes'`);

type Figures = z.input<typeof Performance>;

/** Today's figures of the shop floor, derived from picked lines. */
export async function performance(call: SignedInCall): Promise<Figures> {
  const [[figures]] = await call.batch([figuresOfToday(call.config.timeZone)]);
  if (!figures) throw new Error('The performance figures returned no row');
  return figures;
}

export function figuresOfToday(timeZone: string): Statement<Figures> {
  // Repeated as an expression in every subquery, so that the planner can estimate how few rows it selects.
  const since = sql`least(date_trunc('day', now() at time zone ${timeZone}) at time zone ${timeZone}, now() - ${PAUSE})`;
  return statement(sql`
    with settled as (${settledSince(since)})
    select
      coalesce(round(100.0 * batched.picked / nullif(batched.total, 0)), 0)::int as "batchEfficiency",
      (select count(distinct user_id) from settled where picked_at > now() - ${PAUSE})::int as "livePickers",
      work."activeOrders", work."totalOrders", work."pickedItems", work."totalItems",
      ${PICKER_WINDOW_MINUTES}::int as "pickerWindowMinutes",
      (select coalesce(json_agg(picker order by items_picked desc, user_id), '[]') from (${pickersSince(since)}) picker)
        as pickers
    from (${workSince(since)}) work, (${batchedSince(since)}) batched`);
}

const LINES_OF_ORDER = sql.raw(`
  select sum(i.quantity) as total, sum(l.units) filter (where i.picked_status in ('PICKED', 'REPLACED')) as picked
  from order_items i cross join lateral picked_line(i) l where i.order_id = o.id`);

/** Open orders and orders delivered since then, each read by its own index. */
const workSince = (since: SQL): SQL => sql`
  select count(*) filter (where o.is_active)::int as "activeOrders", count(*)::int as "totalOrders",
    coalesce(sum(lines.picked), 0)::int as "pickedItems", coalesce(sum(lines.total), 0)::int as "totalItems"
  from (
    select id, true as is_active from orders where placed_at is not null and status not in (${FINISHED_LIST})
    union all
    select id, false from orders where status = 'DELIVERED' and delivered_at >= ${since}
  ) o cross join lateral (${LINES_OF_ORDER}) lines`;

const batchedSince = (since: SQL): SQL => sql`
  select sum(lines.total) as total, coalesce(sum(lines.picked), 0) as picked
  from batches b
  join batch_orders bo on bo.batch_id = b.id
  join orders o on o.id = bo.order_id and o.status <> 'CANCELED'
  cross join lateral (${LINES_OF_ORDER}) lines
  where b.status = 'OPEN' or b.completed_at >= ${since}`;

/** Lines that staff settled since then, each with the time since the same picker's previous line. */
const settledSince = (since: SQL): SQL => sql`
  select u.id as user_id, u.full_name as name, coalesce(i.picked_quantity, i.quantity) as quantity, i.picked_at,
    i.picked_status in ('PICKED', 'REPLACED') as is_picked,
    i.picked_at - lag(i.picked_at) over (partition by u.id order by i.picked_at, i.id) as gap
  from users u join order_items i on i.picked_by = u.id and i.picked_at >= ${since}
  where u.role in ('EMPLOYEE', 'MANAGER', 'ADMIN')`;

const pickersSince = (since: SQL): SQL => sql`
  select s.user_id, s.name, coalesce(sum(s.quantity) filter (where s.is_picked), 0)::int as items_picked,
    coalesce(max(done.orders), 0)::int as orders_completed,
    round(extract(epoch from sum(s.gap) filter (where s.gap <= ${PAUSE}))
          / sum(s.quantity) filter (where s.gap <= ${PAUSE}))::int as average_seconds_per_item
  from settled s
  left join (
    select e.actor_user_id, count(distinct e.order_id) as orders
    from order_events e where e.status = 'READY' and e.at >= ${since} group by e.actor_user_id
  ) done on done.actor_user_id = s.user_id
  group by s.user_id, s.name`;
