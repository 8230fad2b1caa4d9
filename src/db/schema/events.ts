import { sql } from 'drizzle-orm';
import { bigint, customType, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createdAt } from './columns.ts';

/** A transaction id that never wraps around. */
export const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' });

/**
 * One row for each change of an order, payment, claim, product, and each time that a shelf runs out or is filled again. Written by
 * triggers. Partitioned by month (in the migration, because Drizzle cannot say so); the months are in the schema `months`.
 * Its position is `(xid, id)`: see `settled_events` for how readers never skip one.
 */
export const events = pgTable(
  'events',
  {
    id: bigint({ mode: 'number' }).generatedByDefaultAsIdentity().notNull(),
    /** The transaction that wrote it. */
    xid: xid8().notNull().default(sql`pg_current_xact_id()`),
    type: text().notNull(),
    entity_type: text().notNull(),
    entity_id: integer().notNull(),
    /** Rises with each change of the entity. */
    version: integer().notNull(),
    /** The order that it belongs to, if any: no foreign key, because months are dropped as a whole. */
    order_id: integer(),
    branch_id: integer(),
    data: jsonb().notNull(),
    created_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.xid, t.id, t.created_at] }),
    index('events_order_idx').on(t.order_id, t.xid, t.id).where(sql`${t.order_id} is not null`),
  ],
);

/** How far events have been passed on to webhooks: one row. */
export const eventCursors = pgTable('event_cursors', {
  name: text().primaryKey(),
  xid: xid8().notNull(),
  number: bigint({ mode: 'number' }).notNull(),
});
