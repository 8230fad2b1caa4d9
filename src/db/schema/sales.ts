import { date, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { instant, money } from './columns.ts';

/**
 * What delivered orders sold on each day of UTC, added up by triggers, so that sales are read without their lines. Days
 * of the shop begin at other hours: the functions that read the sums take the odd hours from the lines.
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

/** The same for each month, of all branches. */
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

/** Delivered orders by the quarter of an hour, the finest step of any time zone's offset, less their refunds. */
export const revenueQuarters = pgTable('revenue_quarters', {
  starts_at: instant().primaryKey(),
  orders: integer().notNull(),
  amount: money().notNull(),
});
