import { sql } from 'drizzle-orm';
import { type AnyPgColumn, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, instant, money, oneOf } from './columns.ts';
import { orders } from './orders.ts';
import { refunds } from './payments.ts';
import { AMENDMENT_STATUSES } from './words.ts';

/** A change of an order by its customer after the purchase: planned and held by the preview, applied by the confirm. Never deleted. */
export const orderAmendments = pgTable(
  'order_amendments',
  {
    id: id(),
    order_id: integer()
      .notNull()
      .references(() => orders.id),
    status: text({ enum: AMENDMENT_STATUSES }).notNull().default('OPEN'),
    /** The version of the order that it was planned for. */
    order_version: integer().notNull(),
    /** Lines, amounts, slot and address to be: see `plan_amendment`. */
    plan: jsonb().notNull(),
    /** The order before and after it, once it is confirmed: see `amended_order`. */
    before: jsonb(),
    after: jsonb(),
    /** What the order costs with it. */
    total: money().notNull(),
    /** How much that is more than before; negative: less. */
    difference: money().notNull(),
    /** What it changes, once it is confirmed, of the goods at the STANDARD rate with the delivery fee, and of the deposits. */
    standard_change: money(),
    deposit_change: money(),
    missing_items: jsonb().notNull(),
    expires_at: instant().notNull(),
    /** Why it was closed: LAPSED, DROPPED, REPLACED, DECLINED, or what refused it after the provider had been asked. */
    closed_reason: text(),
    /** What it paid back. */
    refund_id: integer().references((): AnyPgColumn => refunds.id),
    created_at: createdAt(),
    confirmed_at: instant(),
  },
  (t) => [
    index('order_amendments_order_idx').on(t.order_id, t.id),
    uniqueIndex('order_amendments_one_open').on(t.order_id).where(sql`${t.status} in ('OPEN', 'PAYING')`),
    index('order_amendments_refund_idx').on(t.refund_id).where(sql`${t.refund_id} is not null`),
    index('order_amendments_lapsing_idx').on(t.expires_at).where(sql`${t.status} = 'OPEN'`),
    oneOf('order_amendments_status_known', t.status, AMENDMENT_STATUSES),
    check(
      'order_amendments_complete',
      sql`(${t.status} = 'CONFIRMED') = (${t.confirmed_at} is not null and ${t.before} is not null and ${t.after} is not null)`,
    ),
  ],
);
