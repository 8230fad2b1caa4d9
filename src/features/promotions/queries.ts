import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { Promotion, PromotionFilters } from './schemas.ts';

type PromotionRow = z.input<typeof Promotion>;

/** The use count of the row is kept for promotions with a total limit alone. */
const PROMOTIONS = sql`
  select p.id, p.name, p.kind, p.value, p.take, p.pay, p.bundle_price, p.code, p.starts_at, p.ends_at, to_json(p.branch_ids) as branch_ids,
    to_json(p.product_ids) as product_ids, to_json(p.category_ids) as category_ids, to_json(p.tiers) as tiers, p.minimum_total,
    p.limit_total, p.limit_per_customer, p.priority, p.stacking_group as "group", p.is_active, p.created_at, p.updated_at,
    (select count(*)::int from order_discounts d where d.promotion_id = p.id and d.released_at is null) as used
  from promotions p`;

export const promotionWhere = (condition: SQL): Statement<PromotionRow> =>
  statement(sql`${PROMOTIONS} where ${condition}`);

export async function listPromotions(call: SignedInCall, query: z.output<typeof PromotionFilters>) {
  const { limit, offset, is_active } = query;
  const condition = is_active === undefined ? sql`true` : sql`p.is_active = ${is_active}`;
  const [items, [count]] = await call.batch([
    promotionWhere(sql`${condition} order by p.id desc limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from promotions p where ${condition}`),
  ]);
  return { items, total: count?.total ?? 0 };
}
