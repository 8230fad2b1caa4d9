import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { products } from './catalogue.ts';
import { createdAt, id, instant, money, oneOf, unitsInRange } from './columns.ts';
import { orderItems, orders } from './orders.ts';
import { users } from './users.ts';
import { BATCH_STATUSES, NOTIFICATION_TYPES, OUTBOX_STATUSES, PROPOSAL_STATUSES } from './words.ts';

export const batches = pgTable(
  'batches',
  {
    id: id(),
    status: text({ enum: BATCH_STATUSES }).notNull().default('OPEN'),
    created_by: integer()
      .notNull()
      .references(() => users.id),
    created_at: createdAt(),
    completed_at: instant(),
  },
  (t) => [
    index('batches_status_idx').on(t.status, t.id),
    index('batches_creator_idx').on(t.created_by),
    oneOf('batches_status_known', t.status, BATCH_STATUSES),
  ],
);

export const batchOrders = pgTable(
  'batch_orders',
  {
    batch_id: integer()
      .notNull()
      .references(() => batches.id),
    order_id: integer()
      .notNull()
      .references(() => orders.id),
    is_open: boolean().notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.batch_id, t.order_id] }),
    index('batch_orders_order_idx').on(t.order_id),
    uniqueIndex('batch_orders_one_open').on(t.order_id).where(sql`${t.is_open}`),
  ],
);

/** What handhelds reported and was accepted: each operation counts once, however often it is sent. */
export const pickOperations = pgTable(
  'pick_operations',
  {
    op_id: uuid().primaryKey(),
    order_item_id: integer()
      .notNull()
      .references(() => orderItems.id),
    actor_user_id: integer().default(sql`current_actor()`),
    /** By the clock of the device. */
    at: instant().notNull(),
    /** A later one had set the line already. */
    is_superseded: boolean().notNull().default(false),
    created_at: createdAt(),
  },
  (t) => [index('pick_operations_item_idx').on(t.order_item_id)],
);

/** What staff offer a customer instead of a line. Its stock is held (`hold_lines`, under the order's cart) until `expires_at`. */
export const substitutionProposals = pgTable(
  'substitution_proposals',
  {
    id: id(),
    order_id: integer()
      .notNull()
      .references(() => orders.id),
    order_item_id: integer()
      .notNull()
      .references(() => orderItems.id),
    product_id: integer()
      .notNull()
      .references(() => products.id),
    quantity: integer().notNull(),
    /** The customer's price of one unit: never more than the original's. */
    unit_price: money().notNull(),
    status: text({ enum: PROPOSAL_STATUSES }).notNull().default('OPEN'),
    expires_at: instant().notNull(),
    answered_at: instant(),
    created_by: integer()
      .notNull()
      .references(() => users.id),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex('substitution_proposals_one_open').on(t.order_item_id).where(sql`${t.status} = 'OPEN'`),
    index('substitution_proposals_order_idx').on(t.order_id, t.id),
    index('substitution_proposals_expiry_idx').on(t.expires_at).where(sql`${t.status} = 'OPEN'`),
    index('substitution_proposals_item_idx').on(t.order_item_id),
    index('substitution_proposals_product_idx').on(t.product_id),
    index('substitution_proposals_creator_idx').on(t.created_by),
    oneOf('substitution_proposals_status_known', t.status, PROPOSAL_STATUSES),
    unitsInRange('substitution_proposals_quantity_range', t.quantity),
  ],
);

export const damageReports = pgTable(
  'damage_reports',
  {
    id: id(),
    /** Null: the customer took the line out of the order. */
    order_item_id: integer().references(() => orderItems.id, { onDelete: 'set null' }),
    reason: text().notNull(),
    notes: text(),
    /** Units written off the branch's free stock; null = reported only. */
    quantity: integer(),
    reported_by: integer()
      .notNull()
      .references(() => users.id),
    created_at: createdAt(),
  },
  (t) => [
    index('damage_reports_item_idx').on(t.order_item_id),
    index('damage_reports_reporter_idx').on(t.reported_by),
    unitsInRange('damage_reports_quantity_range', t.quantity),
  ],
);

/** Title and body are composed when the row is read, from its type and data. Partitioned by the month of `created_at`. */
export const notifications = pgTable(
  'notifications',
  {
    id: integer().generatedByDefaultAsIdentity().notNull(),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    type: text({ enum: NOTIFICATION_TYPES }).notNull(),
    order_id: integer().references(() => orders.id),
    data: jsonb().notNull().default({}),
    read_at: instant(),
    created_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.user_id, t.id, t.created_at] }),
    index('notifications_unread_idx').on(t.user_id).where(sql`${t.read_at} is null`),
    index('notifications_order_idx').on(t.order_id),
    oneOf('notifications_type_known', t.type, NOTIFICATION_TYPES),
  ],
);

/** Mail to send. The payload is cleared once sent, because it may contain a token. */
export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    /** Sent to the mail provider as the idempotency key, so that a retry does not send a second mail. */
    message_key: uuid().notNull().defaultRandom(),
    kind: text().notNull(),
    payload: jsonb().notNull(),
    status: text({ enum: OUTBOX_STATUSES }).notNull().default('PENDING'),
    attempts: integer().notNull().default(0),
    next_attempt_at: instant().notNull().defaultNow(),
    last_error: text(),
    created_at: createdAt(),
    sent_at: instant(),
  },
  (t) => [
    index('outbox_pending_idx').on(t.next_attempt_at).where(sql`${t.status} = 'PENDING'`),
    index('outbox_failed_idx').on(t.created_at).where(sql`${t.status} = 'FAILED'`),
    index('outbox_sent_idx').on(t.sent_at).where(sql`${t.status} = 'SENT'`),
    oneOf('outbox_status_known', t.status, OUTBOX_STATUSES),
  ],
);

/** Who changed what: append-only, written by triggers within the changing transaction. Partitioned by the month of `created_at`. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint({ mode: 'number' }).generatedByDefaultAsIdentity().notNull(),
    entity_type: text().notNull(),
    entity_id: integer(),
    action: text().notNull(),
    old_value: jsonb(),
    new_value: jsonb(),
    context: jsonb().notNull().default(sql`jsonb_build_object('request_id', current_request())`),
    actor_user_id: integer().default(sql`current_actor()`),
    /** The API key that acted for that user; null: the user did. */
    actor_api_key_id: integer().default(sql`nullif(current_setting('app.api_key_id', true), '')::integer`),
    created_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.created_at, t.id] }),
    // Read backwards for newest first: an index with `desc nulls last` does not match a plain `order by … desc`.
    index('audit_log_entity_idx').on(t.entity_type, t.entity_id, t.created_at, t.id),
    index('audit_log_type_idx').on(t.entity_type, t.created_at, t.id),
    index('audit_log_action_idx').on(t.action, t.created_at, t.id),
    index('audit_log_actor_idx').on(t.actor_user_id, t.created_at, t.id),
    index('audit_log_api_key_idx')
      .on(t.actor_api_key_id, t.created_at, t.id)
      .where(sql`${t.actor_api_key_id} is not null`),
    // Failed sign-ins name an email that may have had no account: the erasure of a person finds them by it.
    index('audit_log_email_idx').on(sql`(${t.context} ->> 'email')`).where(sql`${t.action} = 'LOGIN_FAILURE'`),
  ],
);

/** When all jobs of a cron expression last ended without a failure: what `/health/jobs` tells. */
export const jobRuns = pgTable('job_runs', { schedule: text().primaryKey(), succeeded_at: instant().notNull() });
