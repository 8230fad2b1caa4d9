import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, money, oneOf } from './columns.ts';
import { orders } from './orders.ts';
import { refunds } from './payments.ts';
import { users } from './users.ts';
import { CREDIT_KINDS } from './words.ts';

/**
 * The store credit of a customer, by currency. Written by the ledger's trigger alone: to change it, insert an entry. (The Worker's
 * role may not update the table.)
 */
export const creditAccounts = pgTable(
  'credit_accounts',
  {
    user_id: integer()
      .notNull()
      .references(() => users.id),
    currency: text().notNull(),
    balance: money().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.user_id, t.currency] }),
    check('credit_accounts_not_negative', sql`${t.balance} >= 0`),
    check('credit_accounts_in_range', sql`${t.balance} < 1000000`),
  ],
);

/** The ledger of store credit: append-only. */
export const creditEntries = pgTable(
  'credit_entries',
  {
    id: id(),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    currency: text().notNull(),
    /** Negative: spent or taken back. */
    amount: money().notNull(),
    /** After this entry; set by the trigger. */
    balance: money().notNull().default('0.00'),
    kind: text({ enum: CREDIT_KINDS }).notNull(),
    /** Why a manager gave it or took it back. */
    reason: text(),
    order_id: integer().references(() => orders.id),
    refund_id: integer().references(() => refunds.id),
    actor_user_id: integer().default(sql`current_actor()`),
    created_at: createdAt(),
  },
  (t) => [
    index('credit_entries_user_idx').on(t.user_id, t.id),
    uniqueIndex('credit_entries_once_per_order').on(t.order_id, t.kind).where(sql`${t.kind} in ('SPENT', 'RETURNED')`),
    index('credit_entries_order_idx').on(t.order_id).where(sql`${t.order_id} is not null`),
    uniqueIndex('credit_entries_once_per_refund').on(t.refund_id).where(sql`${t.refund_id} is not null`),
    oneOf('credit_entries_kind_known', t.kind, CREDIT_KINDS),
    check('credit_entries_amount_not_zero', sql`${t.amount} <> 0`),
    check('credit_entries_sign', sql`(${t.amount} < 0) = (${t.kind} in ('SPENT', 'TAKEN_BACK'))`),
  ],
);
