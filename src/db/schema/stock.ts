import { sql } from 'drizzle-orm';
import { bigint, check, date, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { branches, deliverySlots } from './branches.ts';
import { carts } from './carts.ts';
import { products } from './catalogue.ts';
import { createdAt, id, instant, oneOf, unitsInRange, updatedAt, version } from './columns.ts';
import { orders } from './orders.ts';
import { users } from './users.ts';
import { MOVEMENT_REASONS, STOCK_REQUEST_STATUSES, STOCK_REQUEST_TYPES } from './words.ts';

/**
 * The stock of a product at a branch. Only the ledger's trigger writes `on_hand`: to change it, insert a stock movement
 * (the Worker's role may not update the column).
 */
export const inventory = pgTable(
  'inventory',
  {
    id: id(),
    product_id: integer()
      .notNull()
      .references(() => products.id),
    branch_id: integer()
      .notNull()
      .references(() => branches.id),
    on_hand: integer().notNull().default(0),
    reorder_point: integer().notNull().default(0),
    version: version(),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    uniqueIndex('inventory_product_branch_key').on(t.product_id, t.branch_id),
    index('inventory_branch_idx').on(t.branch_id, t.id),
    index('inventory_low_idx').on(t.branch_id, t.id).where(sql`${t.on_hand} <= ${t.reorder_point}`),
    check('inventory_on_hand_not_negative', sql`${t.on_hand} >= 0`),
    check('inventory_reorder_point_not_negative', sql`${t.reorder_point} >= 0`),
  ],
);

/** The ledger, append-only. Inserting a row is the only way to change on-hand stock. Partitioned by the month of `created_at`. */
export const stockMovements = pgTable(
  'stock_movements',
  {
    id: bigint({ mode: 'number' }).generatedByDefaultAsIdentity().notNull(),
    inventory_id: integer()
      .notNull()
      .references(() => inventory.id),
    delta: integer().notNull(),
    reason: text({ enum: MOVEMENT_REASONS }).notNull(),
    note: text(),
    order_id: integer().references(() => orders.id),
    stock_request_id: integer().references(() => stockRequests.id),
    actor_user_id: integer().default(sql`current_actor()`),
    request_id: text().default(sql`current_request()`),
    created_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.inventory_id, t.id, t.created_at] }),
    index('stock_movements_order_idx').on(t.order_id).where(sql`${t.order_id} is not null`),
    index('stock_movements_stock_request_idx').on(t.stock_request_id).where(sql`${t.stock_request_id} is not null`),
    oneOf('stock_movements_reason_known', t.reason, MOVEMENT_REASONS),
  ],
);

/** Stock reserved for a cart in checkout until `expires_at`. Written only while the inventory row is locked. */
export const holdLines = pgTable(
  'hold_lines',
  {
    inventory_id: integer()
      .notNull()
      .references(() => inventory.id),
    cart_id: integer()
      .notNull()
      .references(() => carts.id),
    quantity: integer().notNull(),
    expires_at: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.inventory_id, t.cart_id] }),
    index('hold_lines_cart_idx').on(t.cart_id),
    index('hold_lines_expiry_idx').on(t.expires_at),
    check('hold_lines_quantity_positive', sql`${t.quantity} > 0`),
  ],
);

/** A delivery slot reserved for a cart on a date until `expires_at`. Written only while the slot's row is locked. */
export const slotHolds = pgTable(
  'slot_holds',
  {
    cart_id: integer()
      .primaryKey()
      .references(() => carts.id),
    slot_id: integer()
      .notNull()
      .references(() => deliverySlots.id),
    delivery_date: date().notNull(),
    expires_at: instant().notNull(),
  },
  (t) => [index('slot_holds_slot_idx').on(t.slot_id, t.delivery_date), index('slot_holds_expiry_idx').on(t.expires_at)],
);

export const stockRequests = pgTable(
  'stock_requests',
  {
    id: id(),
    branch_id: integer()
      .notNull()
      .references(() => branches.id),
    product_id: integer()
      .notNull()
      .references(() => products.id),
    quantity: integer().notNull(),
    request_type: text({ enum: STOCK_REQUEST_TYPES }).notNull(),
    status: text({ enum: STOCK_REQUEST_STATUSES }).notNull().default('PENDING'),
    reason: text(),
    approved_quantity: integer(),
    rejection_reason: text(),
    actor_user_id: integer()
      .notNull()
      .references(() => users.id),
    reviewed_by: integer().references(() => users.id),
    reviewed_at: instant(),
    created_at: createdAt(),
  },
  (t) => [
    index('stock_requests_status_idx').on(t.status, t.id),
    index('stock_requests_branch_idx').on(t.branch_id, t.id),
    index('stock_requests_product_idx').on(t.product_id),
    index('stock_requests_actor_idx').on(t.actor_user_id, t.id),
    index('stock_requests_reviewer_idx').on(t.reviewed_by),
    oneOf('stock_requests_type_known', t.request_type, STOCK_REQUEST_TYPES),
    oneOf('stock_requests_status_known', t.status, STOCK_REQUEST_STATUSES),
    unitsInRange('stock_requests_quantity_range', t.quantity),
  ],
);
