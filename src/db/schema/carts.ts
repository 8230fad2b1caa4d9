import { sql } from 'drizzle-orm';
import { date, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { products } from './catalogue.ts';
import { createdAt, id, instant, money, oneOf, unitsInRange, updatedAt } from './columns.ts';
import { orders } from './orders.ts';
import { promotions } from './promotions.ts';
import { users } from './users.ts';
import { CART_STATUSES, KEY_SCOPES, SUBSTITUTION_POLICIES } from './words.ts';

export const carts = pgTable(
  'carts',
  {
    id: id(),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    status: text({ enum: CART_STATUSES }).notNull().default('ACTIVE'),
    /** The total of the last preview and what it was shown for ("DELIVERY:1"); null after a change of the cart. */
    shown_total: money(),
    shown_currency: text(),
    shown_for: text(),
    /** The minimum order of that preview, and the delivery zone that it is of. */
    shown_minimum: money(),
    shown_zone_id: integer(),
    /** The slot of that preview and its date. */
    shown_slot_id: integer(),
    shown_date: date(),
    /** The promotion whose code the customer has entered. */
    coupon_id: integer().references(() => promotions.id),
    /** The first preview of a series that renewed one hold, and the end of the latest hold of that series. */
    hold_began_at: instant(),
    held_until: instant(),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    uniqueIndex('carts_one_open').on(t.user_id).where(sql`${t.status} in ('ACTIVE', 'CHECKING_OUT')`),
    oneOf('carts_status_known', t.status, CART_STATUSES),
  ],
);

export const cartItems = pgTable(
  'cart_items',
  {
    id: id(),
    cart_id: integer()
      .notNull()
      .references(() => carts.id),
    product_id: integer()
      .notNull()
      .references(() => products.id),
    quantity: integer().notNull(),
    /** The price that a preview showed and a scheduled price has replaced since: it counts while the hold of that preview lives. */
    kept_price: money(),
    kept_until: instant(),
    /** Null: the customer's default. */
    substitution_policy: text({ enum: SUBSTITUTION_POLICIES }),
    substitution_ids: integer().array(),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex('cart_items_one_line').on(t.cart_id, t.product_id),
    index('cart_items_product_idx').on(t.product_id),
    unitsInRange('cart_items_quantity_range', t.quantity),
    oneOf('cart_items_substitution_policy_known', t.substitution_policy, SUBSTITUTION_POLICIES),
  ],
);

/** A request with an Idempotency-Key: its user, route (`scope`), key and result. Kept for 24 hours. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    user_id: integer()
      .notNull()
      .references(() => users.id),
    /** Keys are separate per route. */
    scope: text({ enum: KEY_SCOPES }).notNull().default('CHECKOUT'),
    key: text().notNull(),
    /** SHA-256 of the parsed body or of the file's text. */
    fingerprint: text().notNull(),
    /** The request that claimed the key; distinguishes it from concurrent duplicates. */
    attempt: text().notNull(),
    order_id: integer().references(() => orders.id),
    /** Null while the first request is in progress; then the stored response. */
    response_status: integer(),
    response_body: jsonb(),
    /** The first request is considered in progress until then; afterwards a retry checks what happened. */
    leased_until: instant().notNull(),
    created_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.user_id, t.scope, t.key] }),
    oneOf('idempotency_keys_scope_known', t.scope, KEY_SCOPES),
    index('idempotency_keys_order_idx').on(t.order_id),
    index('idempotency_keys_created_idx').on(t.created_at),
  ],
);
