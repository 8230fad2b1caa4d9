import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { guard, type Statement, statement, textArray } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { ORDER_STATUSES } from '../orders/statuses.ts';
import { startOf } from './period.ts';
import type { Range } from './range.ts';
import type { InventoryFigures, OrderFigures } from './schemas.ts';

type OrderRow = z.input<typeof OrderFigures>;
type InventoryRow = z.input<typeof InventoryFigures>;

const TURNOVER_DAYS = 30;
const TURNOVER_PRODUCTS = 50;

export async function orderFigures(call: SignedInCall, range: Range) {
  const [rows] = await call.batch([orderFiguresOf(range, call.config.timeZone)]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

/** Figures of the orders placed in the range: an index-only scan grouped by status and slot, then aggregated per figure. */
export function orderFiguresOf(range: Range, timeZone: string): Statement<OrderRow> {
  return statement<OrderRow>(sql`
    with placed as materialized (
      select status, delivery_slot_id as slot_id, delivery_date as date, count(*)::int as orders,
             sum(units_ordered) as units
      from orders where placed_at >= ${startOf(range, timeZone)}
      group by status, delivery_slot_id, delivery_date
    ), statuses as (
      select s.status, coalesce(sum(placed.orders), 0)::int as orders
      from unnest(${textArray(ORDER_STATUSES)}) s (status) left join placed using (status)
      group by s.status
    ), slots as (
      select slot_id, date, sum(orders)::int as orders
      from placed where status <> 'CANCELED' and slot_id is not null group by slot_id, date
    )
    select (select json_object_agg(status, orders) from statuses) as by_status,
           (select coalesce(json_agg(json_build_object('slot_id', s.slot_id, 'date', s.date, 'orders', s.orders,
                                                       'capacity', d.capacity) order by s.date, s.slot_id), '[]')
            from slots s join delivery_slots d on d.id = s.slot_id) as by_slot,
           coalesce(round(sum(orders) filter (where status = 'CANCELED')::numeric / sum(orders), 4), 0)::float8 as canceled_rate,
           coalesce(round(sum(units) / sum(orders), 2), 0)::float8 as average_items
    from placed`);
}

export async function inventoryFigures(call: SignedInCall, branchId: number | undefined) {
  const isBranch = sql`${branchId ?? null}::int is null or exists (select from branches where id = ${branchId ?? null})`;
  const [, rows] = await call.batch([guard(isBranch, 'BRANCH_NOT_FOUND'), inventoryFiguresOf(branchId)]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

/** Low and out of stock count inventory rows of active products. Units sold are those delivered in the last thirty days. */
export function inventoryFiguresOf(branchId: number | undefined): Statement<InventoryRow> {
  const ofBranch = branchId === undefined ? sql`true` : sql`branch_id = ${branchId}`;
  return statement<InventoryRow>(sql`
    with stock as materialized (
      select product_id, sum(on_hand)::int as on_hand,
             count(*) filter (where on_hand between 1 and reorder_point)::int as low,
             count(*) filter (where on_hand = 0)::int as gone
      from inventory where ${ofBranch} group by product_id
    ), sold as (
      select product_id, sum(units)::int as units
      from sales_by_branch(now() - make_interval(days => ${TURNOVER_DAYS})) where ${ofBranch} group by product_id
    ), most as (
      select product_id, coalesce(sold.units, 0) as units_sold, coalesce(stock.on_hand, 0) as on_hand
      from stock full join sold using (product_id)
      order by units_sold desc, product_id limit ${TURNOVER_PRODUCTS}
    )
    select coalesce(sum(s.on_hand * p.price), 0)::numeric(16, 2) as stock_value,
           coalesce(sum(s.on_hand), 0)::float8 as units,
           coalesce(sum(s.low) filter (where p.is_active), 0)::int as low_stock,
           coalesce(sum(s.gone) filter (where p.is_active), 0)::int as out_of_stock,
           (select coalesce(json_agg(json_build_object(
              'product_id', product_id, 'name', p.name, 'units_sold', units_sold,
              'days_of_stock', round(on_hand::numeric * ${TURNOVER_DAYS}::int / nullif(units_sold, 0), 1)
            ) order by units_sold desc, product_id), '[]') from most join products p on p.id = product_id) as turnover
    from stock s join products p on p.id = s.product_id`);
}
