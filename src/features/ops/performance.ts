import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { Performance } from './schemas.ts';

/** Somebody who settled a line this recently is at work; a longer gap between two lines was a pause. */
const PICKER_WINDOW_MINUTES = 30;

type Figures = z.input<typeof Performance>;

/** How the floor is doing today, from what pickers did. */
export async function performance(call: SignedInCall): Promise<Figures> {
  const [[figures]] = await call.batch([
    statement<Figures>(sql`
      with period as materialized (
        select least(date_trunc('day', now() at time zone ${call.config.timeZone}) at time zone ${call.config.timeZone},
                     now() - pause) as start, pause
        from (select make_interval(mins => ${PICKER_WINDOW_MINUTES}::int) as pause) allowance
      ), work as (${WORK}), settled as (${SETTLED}), picker as (${PICKERS})
      select
        coalesce((select round(100.0 * sum(quantity) filter (where is_picked) / sum(quantity)) from (${BATCHED}) line), 0)::int
          as "batchEfficiency",
        (select count(distinct user_id) from settled, period where picked_at > now() - pause)::int as "livePickers",
        (select count(*) filter (where is_active) from work)::int as "activeOrders",
        (select count(*) from work)::int as "totalOrders",
        lines.picked as "pickedItems", lines.total as "totalItems", ${PICKER_WINDOW_MINUTES}::int as "pickerWindowMinutes",
        (select coalesce(json_agg(picker order by items_picked desc, user_id), '[]') from picker) as pickers
      from (
        select coalesce(sum(i.quantity), 0)::int as total,
          coalesce(sum(i.quantity) filter (where i.picked_status in ('PICKED', 'REPLACED')), 0)::int as picked
        from work join order_items i on i.order_id = work.id
      ) lines`),
  ]);
  if (!figures) throw new Error('performance without a row');
  return figures;
}

/** Open orders and what was delivered today, each by its index. */
const WORK = sql.raw(`
  select id, true as is_active from orders where placed_at is not null and status not in ('DELIVERED', 'CANCELED')
  union all
  select id, false from orders where status = 'DELIVERED' and delivered_at >= (select start from period)`);

/** Today's settled lines of everybody on the staff, each with the one before. */
const SETTLED = sql.raw(`
  select u.id as user_id, u.full_name as name, line.*,
    line.picked_at - lag(line.picked_at) over (partition by u.id order by line.picked_at, line.id) as gap
  from users u
  cross join lateral (
    select i.id, i.quantity, i.picked_at, i.picked_status in ('PICKED', 'REPLACED') as is_picked
    from order_items i where i.picked_by = u.id and i.picked_at >= (select start from period)
  ) line
  where u.role in ('EMPLOYEE', 'MANAGER', 'ADMIN')`);

const PICKERS = sql.raw(`
  select s.user_id, s.name, coalesce(sum(s.quantity) filter (where s.is_picked), 0)::int as items_picked,
    coalesce(max(done.orders), 0)::int as orders_completed,
    round(extract(epoch from sum(s.gap) filter (where s.gap <= pause)) / sum(s.quantity) filter (where s.gap <= pause))::int
      as average_seconds_per_item
  from settled s
  cross join period
  left join (
    select e.actor_user_id, count(distinct e.order_id) as orders
    from order_events e where e.status = 'READY' and e.at >= (select start from period) group by e.actor_user_id
  ) done on done.actor_user_id = s.user_id
  group by s.user_id, s.name`);

const BATCHED = sql.raw(`
  select i.quantity, i.picked_status in ('PICKED', 'REPLACED') as is_picked
  from batches b
  join batch_orders bo on bo.batch_id = b.id
  join orders o on o.id = bo.order_id and o.status <> 'CANCELED'
  join order_items i on i.order_id = o.id
  where b.status = 'OPEN' or b.completed_at >= (select start from period)`);
