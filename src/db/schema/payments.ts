import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { wordList } from '../statement.ts';
import { orderAmendments } from './amendments.ts';
import { createdAt, id, instant, money, oneOf, version } from './columns.ts';
import { orderItems, orders } from './orders.ts';
import { paymentTokens } from './users.ts';
import {
  ATTEMPT_STATUSES,
  PAYMENT_MODES,
  PAYMENT_STATUSES,
  REFUND_REASONS,
  REFUND_STATUSES,
  UNSETTLED,
  VOID_STATUSES,
} from './words.ts';

export const payments = pgTable(
  'payments',
  {
    id: id(),
    order_id: integer()
      .notNull()
      .references(() => orders.id),
    payment_token_id: integer().references(() => paymentTokens.id),
    provider: text().notNull(),
    /** The customer asked to make this card the default once the payment is captured. */
    save_as_default: boolean().notNull().default(false),
    /** The idempotency key sent to the provider: the order number, with another number behind it from the second authorisation on. */
    idempotency_key: text().notNull(),
    /** What was charged or authorised. */
    amount: money().notNull(),
    /** The part of an authorisation beyond the total, for goods that may weigh more. */
    margin_amount: money().notNull().default('0.00'),
    currency: text().notNull(),
    /** The setting at the time of purchase: the order ends by it. */
    mode: text({ enum: PAYMENT_MODES }).notNull().default('CHARGE'),
    status: text({ enum: PAYMENT_STATUSES }).notNull().default('PENDING'),
    reference: text(),
    decline_reason: text(),
    /** What the order costs in the end: the intent to capture so much of the authorisation, written when it becomes READY. */
    capture_amount: money(),
    capture_due_at: instant(),
    captured_amount: money().generatedAlwaysAs(
      sql`case when status = 'CAPTURED' then coalesce(capture_amount, amount) end`,
    ),
    /** The part of the order's total that was authorised and is not captured: what the customer does not pay, without a refund. */
    released_amount: money().notNull().default('0.00'),
    /** When the bank lets go of the authorised money. */
    capture_before: instant(),
    /** Until when the customer may do what the bank asks for. */
    action_expires_at: instant(),
    /** Since when the provider says that the customer's bank has taken the money back. */
    disputed_at: instant(),
    /** Store credit spent on the order, beside `amount`. */
    credit_amount: money().notNull().default('0.00'),
    /** Sum of the refunds that have not failed, to the card or to store credit; maintained by a trigger on refunds. */
    refunded_amount: money().notNull().default('0.00'),
    /** The part of it that became store credit. */
    refunded_credit: money().notNull().default('0.00'),
    checked_at: instant(),
    check_count: integer().notNull().default(0),
    captured_at: instant(),
    version: version(),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex('payments_one_per_order').on(t.order_id),
    uniqueIndex('payments_idempotency_key').on(t.idempotency_key),
    index('payments_unsettled_idx')
      .on(t.created_at)
      .where(sql`${t.status} in (${wordList(UNSETTLED)})`),
    index('payments_authorized_idx').on(t.capture_before).where(sql`${t.status} in ('AUTHORIZED', 'FAILED')`),
    index('payments_disputed_idx').on(t.disputed_at).where(sql`${t.disputed_at} is not null`),
    index('payments_reference_idx').on(t.reference).where(sql`${t.reference} is not null`),
    index('payments_late_idx')
      .on(t.created_at)
      .where(
        sql`${t.status} = 'DECLINED' and ${t.decline_reason} in ('not_charged', 'late_charge', 'late_charge_kept')`,
      ),
    oneOf('payments_status_known', t.status, PAYMENT_STATUSES),
    oneOf('payments_mode_known', t.mode, PAYMENT_MODES),
    check('payments_capture_within', sql`${t.capture_amount} between 0 and ${t.amount}`),
    check('payments_capture_authorized', sql`${t.capture_amount} is null or ${t.mode} = 'AUTHORIZE'`),
    check('payments_amounts_not_negative', sql`least(${t.amount}, ${t.credit_amount}) >= 0`),
    check(
      'payments_never_over_refunded',
      sql`${t.refunded_amount} between 0 and coalesce(${t.captured_amount}, 0) + ${t.credit_amount}`,
    ),
    check(
      'payments_card_never_over_refunded',
      sql`${t.refunded_credit} between 0 and ${t.refunded_amount} and ${t.refunded_amount} - ${t.refunded_credit} <= coalesce(${t.captured_amount}, 0)`,
    ),
  ],
);

/**
 * A later attempt to authorise an order: before its authorisation lapses, with another card, or because an amendment adds to it.
 * Where the order was charged, the charge of what the amendment adds.
 */
export const paymentAttempts = pgTable(
  'payment_attempts',
  {
    id: id(),
    payment_id: integer()
      .notNull()
      .references(() => payments.id),
    payment_token_id: integer().references(() => paymentTokens.id),
    provider: text().notNull(),
    idempotency_key: text().notNull(),
    amount: money().notNull(),
    status: text({ enum: ATTEMPT_STATUSES }).notNull().default('PENDING'),
    amendment_id: integer().references((): AnyPgColumn => orderAmendments.id),
    /** The customer chose another card or amended the order, under this Idempotency-Key; null: a renewal without the customer. */
    request_key: text(),
    reference: text(),
    decline_reason: text(),
    action_expires_at: instant(),
    checked_at: instant(),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex('payment_attempts_idempotency_key').on(t.idempotency_key),
    index('payment_attempts_payment_idx').on(t.payment_id),
    uniqueIndex('payment_attempts_one_open')
      .on(t.payment_id)
      .where(sql`${t.status} in (${wordList(UNSETTLED)})`),
    index('payment_attempts_reference_idx').on(t.reference).where(sql`${t.reference} is not null`),
    index('payment_attempts_token_idx').on(t.payment_token_id),
    index('payment_attempts_amendment_idx').on(t.amendment_id).where(sql`${t.amendment_id} is not null`),
    index('payment_attempts_late_idx')
      .on(t.created_at)
      .where(sql`${t.status} = 'DECLINED' and ${t.decline_reason} in ('not_charged', 'late_charge')`),
    oneOf('payment_attempts_status_known', t.status, ATTEMPT_STATUSES),
  ],
);

/** What the provider still holds of a customer's money and must let go of; the scheduled job retries it. */
export const paymentVoids = pgTable(
  'payment_voids',
  {
    id: id(),
    payment_id: integer()
      .notNull()
      .references(() => payments.id),
    provider: text().notNull(),
    reference: text().notNull(),
    /** That of the authorisation or charge; one void for each. */
    idempotency_key: text().notNull(),
    status: text({ enum: VOID_STATUSES }).notNull().default('PENDING'),
    failure_reason: text(),
    attempts: integer().notNull().default(0),
    next_attempt_at: instant().notNull().defaultNow(),
    created_at: createdAt(),
    settled_at: instant(),
  },
  (t) => [
    uniqueIndex('payment_voids_one_each').on(t.idempotency_key),
    index('payment_voids_payment_idx').on(t.payment_id),
    index('payment_voids_failed_idx').on(t.settled_at).where(sql`${t.status} = 'FAILED'`),
    index('payment_voids_pending_idx').on(t.next_attempt_at).where(sql`${t.status} = 'PENDING'`),
    oneOf('payment_voids_status_known', t.status, VOID_STATUSES),
  ],
);

/** The webhooks that have been worked on, each once. */
export const paymentEvents = pgTable(
  'payment_events',
  {
    provider: text().notNull(),
    event_id: text().notNull(),
    type: text().notNull(),
    reference: text(),
    received_at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.provider, t.event_id] }), index('payment_events_received_idx').on(t.received_at)],
);

/** A refund owed to the customer; the scheduled job retries it until the provider has paid it. */
export const refunds = pgTable(
  'refunds',
  {
    id: id(),
    order_id: integer()
      .notNull()
      .references(() => orders.id),
    payment_id: integer()
      .notNull()
      .references(() => payments.id),
    /** Null for a refund of the whole order. */
    order_item_id: integer().references(() => orderItems.id),
    amount: money().notNull(),
    /** The part that becomes store credit, at once; the provider is asked for the rest. */
    credit_amount: money().notNull().default('0.00'),
    /** What of the card's part is paid back from the charges of amendments, [{attempt_id, amount}]; the rest from the first charge. */
    shares: jsonb(),
    reason: text({ enum: REFUND_REASONS }).notNull(),
    status: text({ enum: REFUND_STATUSES }).notNull().default('PENDING'),
    reference: text(),
    failure_reason: text(),
    attempts: integer().notNull().default(0),
    next_attempt_at: instant().notNull().defaultNow(),
    created_at: createdAt(),
    settled_at: instant(),
  },
  (t) => [
    index('refunds_order_idx').on(t.order_id, t.status, t.amount),
    index('refunds_payment_idx').on(t.payment_id),
    uniqueIndex('refunds_one_per_cancel').on(t.order_id).where(sql`${t.reason} = 'CANCEL'`),
    uniqueIndex('refunds_one_per_item').on(t.order_item_id, t.reason),
    index('refunds_pending_idx').on(t.next_attempt_at).where(sql`${t.status} = 'PENDING'`),
    index('refunds_failed_idx').on(t.settled_at).where(sql`${t.status} = 'FAILED'`),
    oneOf('refunds_reason_known', t.reason, REFUND_REASONS),
    oneOf('refunds_status_known', t.status, REFUND_STATUSES),
    check('refunds_amount_positive', sql`${t.amount} > 0`),
    check('refunds_credit_within_amount', sql`${t.credit_amount} between 0 and ${t.amount}`),
  ],
);
