import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { MAX_PRICE } from '../../limits.ts';
import { products } from './catalogue.ts';
import { createdAt, id, instant, money, oneOf, updatedAt } from './columns.ts';
import { PRICE_STATUSES } from './words.ts';

/**
 * A price that a product will have from an instant on. Without an end it replaces the price for good, and is FINISHED once it has.
 * The exclusion constraint `scheduled_prices_no_overlap`, which Drizzle cannot express, stands in the migration.
 */
export const scheduledPrices = pgTable(
  'scheduled_prices',
  {
    id: id(),
    product_id: integer()
      .notNull()
      .references(() => products.id),
    price: money().notNull(),
    /** Null: no old price is shown with it. */
    old_price: money(),
    starts_at: instant().notNull(),
    ends_at: instant(),
    status: text({ enum: PRICE_STATUSES }).notNull().default('PENDING'),
    /** When its next change of the product is due; null when none is. */
    due_at: instant().generatedAlwaysAs(sql`case status when 'PENDING' then starts_at when 'ACTIVE' then ends_at end`),
    /** What the product had before, restored at the end. */
    price_before: money(),
    old_price_before: money(),
    created_by: integer().default(sql`current_actor()`),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    index('scheduled_prices_due_idx').on(t.due_at).where(sql`${t.due_at} is not null`),
    index('scheduled_prices_product_idx').on(t.product_id, t.starts_at),
    index('scheduled_prices_start_idx').on(t.starts_at, t.id),
    oneOf('scheduled_prices_status_known', t.status, PRICE_STATUSES),
    check('scheduled_prices_price_range', sql`${t.price} > 0 and ${t.price} <= ${sql.raw(String(MAX_PRICE))}`),
    check('scheduled_prices_old_price_range', sql`${t.old_price} > 0 and ${t.old_price} <= 100000`),
    check('scheduled_prices_period', sql`${t.ends_at} > ${t.starts_at}`),
  ],
);
