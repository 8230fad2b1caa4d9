import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, instant, oneOf, updatedAt } from './columns.ts';
import { xid8 } from './events.ts';
import { users } from './users.ts';
import { DELIVERY_STATUSES } from './words.ts';

/** A receiver of events at another company. */
export const webhooks = pgTable('webhooks', {
  id: id(),
  url: text().notNull(),
  /** Types of events, `order.*` or `*`. */
  events: text().array().notNull(),
  is_active: boolean().notNull().default(true),
  /** Signs the deliveries, so it is kept as it is. */
  secret: text().notNull(),
  /** Signs as well for a day after a rotation. */
  previous_secret: text(),
  previous_secret_until: instant(),
  /** Events of older transactions are not sent. */
  since: xid8().notNull().default(sql`pg_current_xact_id()`),
  /** When it was switched off because a delivery had failed for three days. */
  disabled_at: instant(),
  disabled_reason: text(),
  created_by: integer()
    .references(() => users.id)
    .default(sql`current_actor()`),
  created_at: createdAt(),
  updated_at: updatedAt(),
});

/** An event on its way to a receiver, with a copy of the event: events are dropped by the month. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: id(),
    webhook_id: integer()
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    event_id: bigint({ mode: 'number' }).notNull(),
    type: text().notNull(),
    payload: jsonb().notNull(),
    status: text({ enum: DELIVERY_STATUSES }).notNull().default('PENDING'),
    attempts: integer().notNull().default(0),
    next_attempt_at: instant().notNull().defaultNow(),
    response_status: integer(),
    last_error: text(),
    created_at: createdAt(),
    settled_at: instant(),
  },
  (t) => [
    uniqueIndex('webhook_deliveries_one_each').on(t.webhook_id, t.event_id),
    index('webhook_deliveries_list_idx').on(t.webhook_id, t.id),
    index('webhook_deliveries_due_idx').on(t.webhook_id, t.next_attempt_at, t.id).where(sql`${t.status} = 'PENDING'`),
    index('webhook_deliveries_settled_idx').on(t.settled_at).where(sql`${t.settled_at} is not null`),
    oneOf('webhook_deliveries_status_known', t.status, DELIVERY_STATUSES),
  ],
);
