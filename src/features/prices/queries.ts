import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { checkPrices } from './due.ts';
import type { ScheduledPrice, ScheduledPriceFilters } from './schemas.ts';

type Row = z.input<typeof ScheduledPrice>;

/** Scheduled prices; `tail` is the rest of the query, with the row as `s`. */
export const scheduledPrices = (tail: SQL): Statement<Row> =>
  statement(sql`
    select s.id, s.product_id, p.name as product_name, p.sku as product_sku, s.price, s.old_price, s.starts_at, s.ends_at,
      s.status, s.price_before, s.created_by, s.created_at, s.updated_at
    from scheduled_prices s join products p on p.id = s.product_id
    ${tail}`);

export async function listScheduledPrices(call: SignedInCall, filters: z.output<typeof ScheduledPriceFilters>) {
  const { product_id, status, limit, offset } = filters;
  const matching = sql`where ${product_id ? sql`s.product_id = ${product_id}` : sql`true`}
    and ${status ? sql`s.status = ${status}` : sql`true`}`;
  const [, items, [count]] = await call.batch([
    checkPrices,
    scheduledPrices(sql`${matching} order by s.starts_at desc, s.id desc limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from scheduled_prices s ${matching}`),
  ]);
  return { items, total: count?.total ?? 0 };
}
