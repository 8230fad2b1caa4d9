import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  numeric,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createdAt, id, instant, money, oneOf, updatedAt } from './columns.ts';
import { orders } from './orders.ts';
import { users } from './users.ts';
import { PROMOTION_KINDS } from './words.ts';

/** What takes something off a basket. Null filters let everything pass. */
export const promotions = pgTable(
  'promotions',
  {
    id: id(),
    name: text().notNull(),
    kind: text({ enum: PROMOTION_KINDS }).notNull(),
    /** In percent, or an amount: see `price_basket`. */
    value: numeric({ precision: 12, scale: 2 }),
    take: integer(),
    pay: integer(),
    bundle_price: money(),
    /** Applies only to carts with this coupon. */
    code: text(),
    starts_at: instant(),
    ends_at: instant(),
    branch_ids: integer().array(),
    product_ids: integer().array(),
    /** Their subcategories are included. */
    category_ids: integer().array(),
    tiers: text().array(),
    /** Of the goods of the whole basket, before any discount. */
    minimum_total: money(),
    limit_total: integer(),
    limit_per_customer: integer(),
    priority: integer().notNull().default(0),
    /** Of a group, only the promotion that takes off most applies. */
    stacking_group: text(),
    is_active: boolean().notNull().default(true),
    /** Orders that use it, counted by triggers while there is a `limit_total`: the row is the lock, the CHECK the limit. */
    used: integer().notNull().default(0),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    uniqueIndex('promotions_name_key').on(sql`text_key(${t.name})`),
    uniqueIndex('promotions_code_key').on(sql`upper(${t.code})`),
    index('promotions_active_idx').on(t.id).where(sql`${t.is_active}`),
    oneOf('promotions_kind_known', t.kind, PROMOTION_KINDS),
    check(
      'promotions_value_fits',
      sql`case when ${t.kind} in ('MULTI_BUY', 'FREE_DELIVERY') then ${t.value} is null else coalesce(${t.value} > 0 and (${t.value} <= 100 or ${t.kind} not in ('PERCENT', 'COUPON_PERCENT')), false) end`,
    ),
    check(
      'promotions_multi_buy_fits',
      sql`case when ${t.kind} = 'MULTI_BUY' then coalesce(${t.take} >= 2, false) and (${t.pay} is null) <> (${t.bundle_price} is null) and coalesce(${t.pay} between 1 and ${t.take} - 1, ${t.bundle_price} > 0) else num_nonnulls(${t.take}, ${t.pay}, ${t.bundle_price}) = 0 end`,
    ),
    check('promotions_code_fits', sql`${t.kind} not in ('COUPON_PERCENT', 'COUPON_FIXED') or ${t.code} is not null`),
    check('promotions_period_fits', sql`${t.ends_at} > ${t.starts_at} is not false`),
    check(
      'promotions_limits_positive',
      sql`least(${t.limit_total}, ${t.limit_per_customer}, 1) = 1 and ${t.minimum_total} >= 0 is not false`,
    ),
    check('promotions_limit_holds', sql`${t.used} >= 0 and ${t.used} <= ${t.limit_total} is not false`),
  ],
);

/** What a promotion took off an order, and that the order uses it: given back by `released_at`, once. */
export const orderDiscounts = pgTable(
  'order_discounts',
  {
    id: id(),
    order_id: integer()
      .notNull()
      .references((): AnyPgColumn => orders.id),
    promotion_id: integer()
      .notNull()
      .references(() => promotions.id),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    /** Of the promotion at the time of purchase. */
    name: text().notNull(),
    amount: money().notNull(),
    /** In the order in which promotions applied. */
    position: integer().notNull(),
    /** When the order was declined or canceled. */
    released_at: instant(),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex('order_discounts_one_per_promotion').on(t.order_id, t.promotion_id),
    index('order_discounts_uses_idx').on(t.promotion_id, t.user_id).where(sql`${t.released_at} is null`),
    check('order_discounts_amount_positive', sql`${t.amount} > 0`),
  ],
);
