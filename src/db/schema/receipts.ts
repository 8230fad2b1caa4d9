import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { orderAmendments } from './amendments.ts';
import { createdAt, id, instant, money, oneOf } from './columns.ts';
import { orders } from './orders.ts';
import { refunds } from './payments.ts';
import { RECEIPT_SERIES } from './words.ts';

/** The VAT rate of the STANDARD class, in percent, from its first day until the first day of the next rate. */
export const taxRates = pgTable(
  'tax_rates',
  {
    id: id(),
    rate: numeric({ precision: 5, scale: 2 }).notNull(),
    first_day: date().notNull(),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex('tax_rates_first_day_key').on(t.first_day),
    check('tax_rates_percentage', sql`${t.rate} between 0 and 100`),
  ],
);

/** The last number of each series. Its row is locked when a transaction commits, so that numbers have no gap. */
export const receiptCounters = pgTable(
  'receipt_counters',
  {
    series: text({ enum: RECEIPT_SERIES }).notNull(),
    branch_id: integer().notNull(),
    year: integer().notNull(),
    last_serial: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.series, t.branch_id, t.year] }),
    oneOf('receipt_counters_series_known', t.series, RECEIPT_SERIES),
  ],
);

/** Number, day and sums of a receipt or a credit note. The sums include VAT; a deposit bears none. */
const numbered = () => ({
  branch_id: integer().notNull(),
  year: integer().notNull(),
  serial: integer().notNull(),
  issued_at: instant().notNull(),
  /** In the shop's time zone. */
  issued_on: date().notNull(),
  total: money().notNull(),
  /** The part of the total at the STANDARD rate, with the delivery fee. */
  standard_total: money().notNull(),
  deposit_total: money().notNull(),
  /** The VAT in `standard_total`. */
  vat: money().notNull(),
});

/**
 * The receipt of an order, issued when its payment is captured; append-only. Its lines are those of the order, which keep what was
 * bought: as ordered or, `is_picked`, as picked.
 */
export const receipts = pgTable(
  'receipts',
  {
    order_id: integer()
      .primaryKey()
      .references(() => orders.id),
    ...numbered(),
    /** The STANDARD rate of the day, in percent. */
    vat_rate: numeric({ precision: 5, scale: 2 }).notNull(),
    /** The part of the total that store credit paid. */
    credit_amount: money().notNull(),
    is_picked: boolean().notNull(),
    seller_name: text().notNull(),
    seller_address: text().notNull(),
    seller_tax_id: text().notNull(),
    /** Null once the person is erased: the one thing of a receipt that can go. */
    customer_name: text(),
  },
  (t) => [
    uniqueIndex('receipts_number_key').on(t.branch_id, t.year, t.serial),
    check(
      'receipts_parts_within_total',
      sql`least(${t.standard_total}, ${t.deposit_total}, ${t.vat}, ${t.credit_amount}, ${t.total} - ${t.standard_total} - ${t.deposit_total}) >= 0`,
    ),
  ],
);

/** What a receipt shows of an order that was amended after it: its lines at that time. Written by the first amendment. */
export const amendedReceipts = pgTable('amended_receipts', {
  order_id: integer()
    .primaryKey()
    .references(() => receipts.order_id),
  lines: jsonb().notNull(),
  delivery_fee: money().notNull(),
  /** Null for a pickup, and once the person is erased. */
  delivery_address: text(),
});

/**
 * What is taken back of a receipt: one for each refund, and a negative one when a refund fails or an amendment adds something.
 * Append-only.
 */
export const creditNotes = pgTable(
  'credit_notes',
  {
    id: id(),
    order_id: integer()
      .notNull()
      .references(() => receipts.order_id),
    /** Null: an amendment that the customer paid more for, or nothing. */
    refund_id: integer().references(() => refunds.id),
    amendment_id: integer().references(() => orderAmendments.id),
    ...numbered(),
    reason: text().notNull(),
  },
  (t) => [
    uniqueIndex('credit_notes_number_key').on(t.branch_id, t.year, t.serial),
    index('credit_notes_order_idx').on(t.order_id, t.id),
    index('credit_notes_refund_idx').on(t.refund_id),
    uniqueIndex('credit_notes_one_per_amendment').on(t.amendment_id).where(sql`${t.refund_id} is null`),
    check('credit_notes_cause', sql`num_nonnulls(${t.refund_id}, ${t.amendment_id}) = 1`),
    // An amendment may change the VAT alone.
    check('credit_notes_not_zero', sql`${t.total} <> 0 or ${t.amendment_id} is not null`),
  ],
);
