import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, id, instant, money, oneOf, unitsInRange, version } from './columns.ts';
import { orderItems, orders } from './orders.ts';
import { refunds } from './payments.ts';
import { users } from './users.ts';
import { CLAIM_PROBLEMS, CLAIM_STATUSES, CLAIM_WISHES } from './words.ts';

/** A customer's complaint about units of a delivered order. */
export const claims = pgTable(
  'claims',
  {
    id: id(),
    order_id: integer()
      .notNull()
      .references(() => orders.id),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    wanted: text({ enum: CLAIM_WISHES }).notNull(),
    status: text({ enum: CLAIM_STATUSES }).notNull().default('OPEN'),
    /** What was paid for the units claimed. */
    amount: money().notNull(),
    /** Null while it is open. */
    approved_amount: money(),
    /** Approved by the setting, without a manager. */
    is_automatic: boolean().notNull().default(false),
    /** The manager's reply. */
    note: text(),
    refund_id: integer().references(() => refunds.id),
    decided_by: integer().references(() => users.id),
    decided_at: instant(),
    version: version(),
    created_at: createdAt(),
  },
  (t) => [
    index('claims_order_idx').on(t.order_id, t.id),
    index('claims_user_idx').on(t.user_id, t.decided_at),
    index('claims_status_idx').on(t.status, t.id),
    index('claims_refund_idx').on(t.refund_id),
    index('claims_decider_idx').on(t.decided_by),
    oneOf('claims_wanted_known', t.wanted, CLAIM_WISHES),
    oneOf('claims_status_known', t.status, CLAIM_STATUSES),
    check('claims_decided_or_open', sql`(${t.status} = 'OPEN') = (${t.approved_amount} is null)`),
    check('claims_approved_not_negative', sql`${t.approved_amount} >= 0`),
    check('claims_second_person', sql`${t.decided_by} <> ${t.user_id}`),
  ],
);

export const claimItems = pgTable(
  'claim_items',
  {
    id: id(),
    claim_id: integer()
      .notNull()
      .references(() => claims.id),
    order_item_id: integer()
      .notNull()
      .references(() => orderItems.id),
    quantity: integer().notNull(),
    problem: text({ enum: CLAIM_PROBLEMS }).notNull(),
    note: text(),
    /** Null while the claim is open. */
    approved_quantity: integer(),
    created_at: createdAt(),
  },
  (t) => [
    index('claim_items_claim_idx').on(t.claim_id),
    index('claim_items_item_idx').on(t.order_item_id),
    oneOf('claim_items_problem_known', t.problem, CLAIM_PROBLEMS),
    unitsInRange('claim_items_quantity_range', t.quantity),
    check('claim_items_approved_within_quantity', sql`${t.approved_quantity} between 0 and ${t.quantity}`),
  ],
);
