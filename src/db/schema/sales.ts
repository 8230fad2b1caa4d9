import { date, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { instant, money } from './columns.ts';

/**
 * Units and revenue of delivered orders per UTC day, maintained by triggers, so that reports need not read order lines. The
 * shop's days start at other hours: the functions that read these sums take the remaining hours from the lines.
 */
export const dailySales = pgTable(
  'daily_sales',
  {
    day: date().notNull(),
    product_id: integer().notNull(),
    branch_id: integer().notNull(),
    units: integer().notNull(),
    revenue: money().notNull(),
  },
  (t) => [primaryKey({ name: 'daily_sales_key', columns: [t.day, t.product_id, t.branch_id] })],
);

/** The same per month, for all branches together. */
export const monthlySales = pgTable(
  'monthly_sales',
  {
    month: date().notNull(),
    product_id: integer().notNull(),
    units: integer().notNull(),
    revenue: money().notNull(),
  },
  (t) => [primaryKey({ name: 'monthly_sales_key', columns: [t.month, t.product_id] })],
);

/** Delivered orders less their refunds, per quarter of an hour: the finest offset of any time zone. */
export const revenueQuarters = pgTable('revenue_quarters', {
  starts_at: instant().primaryKey(),
  orders: integer().notNull(),
  amount: money().notNull(),
});
