import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, id, instant, money, oneOf, unitsInRange } from './columns.ts';
import { orderItems, orders } from './orders.ts';
import { refunds } from './payments.ts';
import { users } from './users.ts';
import { REFUND_REQUEST_STATUSES, REFUND_TARGETS } from './words.ts';

/** A refund requested by a manager. `refund_id` is set once it is approved, by a second manager or because none is needed. */
export const refundRequests = pgTable(
  'refund_requests',
  {
    id: id(),
    order_id: integer()
      .notNull()
      .references(() => orders.id),
    amount: money().notNull(),
    /** Units of lines, `[{item_id, quantity}]`; null: an amount of the whole order. */
    items: jsonb(),
    /** Null: to the card as far as it paid, the rest to credit. */
    target: text({ enum: REFUND_TARGETS }),
    reason: text().notNull(),
    status: text({ enum: REFUND_REQUEST_STATUSES }).notNull().default('PENDING'),
    refund_id: integer().references(() => refunds.id),
    requested_by: integer()
      .notNull()
      .references(() => users.id),
    decided_by: integer().references(() => users.id),
    decided_at: instant(),
    created_at: createdAt(),
  },
  (t) => [
    index('refund_requests_order_idx').on(t.order_id),
    index('refund_requests_status_idx').on(t.status, t.id),
    index('refund_requests_refund_idx').on(t.refund_id),
    index('refund_requests_requester_idx').on(t.requested_by),
    index('refund_requests_decider_idx').on(t.decided_by),
    oneOf('refund_requests_target_known', t.target, REFUND_TARGETS),
    oneOf('refund_requests_status_known', t.status, REFUND_REQUEST_STATUSES),
    check('refund_requests_amount_positive', sql`${t.amount} > 0`),
    check('refund_requests_paid_once_approved', sql`(${t.status} = 'APPROVED') = (${t.refund_id} is not null)`),
    check('refund_requests_second_person', sql`${t.decided_by} <> ${t.requested_by}`),
  ],
);

/** The units that a refund is for; append-only. A refund of an amount has none. */
export const refundLines = pgTable(
  'refund_lines',
  {
    id: id(),
    refund_id: integer()
      .notNull()
      .references(() => refunds.id),
    order_item_id: integer()
      .notNull()
      .references(() => orderItems.id),
    quantity: integer().notNull(),
    amount: money().notNull(),
    /** What of the amount is for containers, whatever becomes of the line later; null in rows of before. */
    deposit: money(),
    /** Whether the line had been picked: the units are in the bag then. */
    is_picked: boolean().notNull().default(true),
    created_at: createdAt(),
  },
  (t) => [
    index('refund_lines_refund_idx').on(t.refund_id),
    index('refund_lines_item_idx').on(t.order_item_id),
    unitsInRange('refund_lines_quantity_range', t.quantity),
    check('refund_lines_amount_not_negative', sql`${t.amount} >= 0`),
  ],
);
