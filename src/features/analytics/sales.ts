import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { firstDay, startOf } from './period.ts';
import { type Granularity, granularityOf, type Range } from './range.ts';
import type { Revenue, TopProduct } from './schemas.ts';

type RevenueRow = z.input<typeof Revenue>;
type TopProductRow = z.input<typeof TopProduct>;

const LABELS: Record<Granularity, string> = { day: 'YYYY-MM-DD', month: 'YYYY-MM', year: 'YYYY' };

export async function revenue(call: SignedInCall, query: { range: Range; granularity?: Granularity | undefined }) {
  const granularity = query.granularity ?? granularityOf(query.range);
  const [rows] = await call.batch([revenueOf(query.range, granularity, call.config.timeZone)]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

/** Revenue by time of delivery, less refunds that have not failed. A period without deliveries is 0. */
export function revenueOf(range: Range, granularity: Granularity, timeZone: string): Statement<RevenueRow> {
  const zone = sql`${timeZone}::text`;
  const unit = sql`${granularity}::text`;
  return statement<RevenueRow>(sql`
    with earned as (
      select date_trunc(${unit}, starts_at at time zone ${zone}) as period, sum(orders) as orders, sum(amount) as amount
      from revenue_quarters where starts_at >= ${startOf(range, timeZone)} group by 1
    ), figures as (
      select period, coalesce(orders, 0) as orders, coalesce(amount, 0) as amount
      from generate_series(date_trunc(${unit}, ${firstDay(range, timeZone)}::timestamp), now() at time zone ${zone},
                           ('1 ' || ${unit})::interval) period
      left join earned using (period)
    )
    select json_agg(to_char(period, ${LABELS[granularity]}::text) order by period) as labels,
           json_agg(amount order by period) as values,
           sum(amount)::numeric(14, 2) as total, sum(orders)::int as orders,
           coalesce(sum(amount) / nullif(sum(orders), 0), 0)::numeric(14, 2) as average_order_value
    from figures`);
}

export async function topProducts(call: SignedInCall, { range, limit }: { range: Range; limit: number }) {
  const [products] = await call.batch([topProductsOf(range, limit, call.config.timeZone)]);
  return products;
}

/** Sorted by units, then revenue. A missing line counts nothing; a replaced one counts its replacement at the price charged. */
export function topProductsOf(range: Range, limit: number, timeZone: string): Statement<TopProductRow> {
  const best: SQL = sql`
    select product_id, sum(units)::int as units, sum(revenue)::numeric(14, 2) as revenue
    from sales_since(${startOf(range, timeZone)})
    group by product_id order by units desc, revenue desc, product_id limit ${limit}`;
  return statement<TopProductRow>(sql`
    select best.product_id, p.name, p.sku, best.units, best.revenue
    from (${best}) best join products p on p.id = best.product_id
    order by best.units desc, best.revenue desc, best.product_id`);
}
