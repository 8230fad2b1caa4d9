import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  check,
  date,
  index,
  integer,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { FINISHED, ORDER_STATUSES } from '../../features/orders/statuses.ts';
import { wordList } from '../statement.ts';
import { branches, deliverySlots } from './branches.ts';
import { carts } from './carts.ts';
import { products } from './catalogue.ts';
import { createdAt, id, instant, money, oneOf, unitsInRange, updatedAt, version } from './columns.ts';
import { users } from './users.ts';
import { FULFILLMENT_TYPES, PICKED_STATUSES, SUBSTITUTION_POLICIES, TAX_CLASSES } from './words.ts';

/** An order is visible only once `placed_at` is set, when its payment is captured. */
export const orders = pgTable(
  'orders',
  {
    id: id(),
    order_number: text().notNull(),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    cart_id: integer().references((): AnyPgColumn => carts.id),
    status: text({ enum: ORDER_STATUSES }).notNull().default('CREATED'),
    /** The status that a DELAYED order returns to. */
    status_before_delay: text({ enum: ORDER_STATUSES }),
    fulfillment_type: text({ enum: FULFILLMENT_TYPES }).notNull(),
    branch_id: integer()
      .notNull()
      .references(() => branches.id),
    goods_total: money().notNull(),
    /** Zero for pickup. */
    delivery_fee: money().notNull().default('0.00'),
    deposit_total: money().notNull().default('0.00'),
    /** What weighing added beyond the goods as ordered, once the order is READY. */
    weight_charge: money().notNull().default('0.00'),
    /** What amendments took away: it stays in the total, and the customer does not pay it. */
    removed_amount: money().notNull().default('0.00'),
    total_amount: money().notNull(),
    currency: text().notNull(),
    /** Set by a trigger when the order is placed. */
    units_ordered: integer().notNull().default(0),
    delivery_address: text(),
    /** The zone whose fee and minimum the order had; it may be gone. */
    delivery_zone_id: integer(),
    delivery_slot_id: integer().references(() => deliverySlots.id),
    delivery_date: date(),
    /** The promised window: the slot on its date, or the pickup time. Its start is the due time. */
    window_start: instant().notNull(),
    window_end: instant().notNull(),
    /** The shop's time zone at the purchase: the day of a receipt decides on its year and its VAT. */
    time_zone: text().notNull().default('Asia/Jerusalem'),
    placed_at: instant(),
    delivered_at: instant(),
    canceled_at: instant(),
    /** When the customer last changed it after the purchase. */
    amended_at: instant(),
    version: version(),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    uniqueIndex('orders_number_key').on(t.order_number),
    uniqueIndex('orders_one_live_per_cart').on(t.cart_id).where(sql`${t.status} <> 'CANCELED'`),
    index('orders_user_idx').on(t.user_id, t.id).where(sql`${t.placed_at} is not null`),
    index('orders_branch_idx').on(t.branch_id, t.window_start, t.id).where(sql`${t.placed_at} is not null`),
    index('orders_open_due_idx')
      .on(t.window_start, t.id)
      .where(sql`${t.placed_at} is not null and ${t.status} not in (${wordList(FINISHED)})`),
    index('orders_status_due_idx').on(t.status, t.window_start, t.id).where(sql`${t.placed_at} is not null`),
    index('orders_finished_due_idx')
      .on(t.window_start, t.id)
      .where(sql`${t.placed_at} is not null and ${t.status} in (${wordList(FINISHED)})`),
    index('orders_slot_idx').on(t.delivery_slot_id, t.delivery_date).where(sql`${t.status} <> 'CANCELED'`),
    index('orders_delivered_idx').on(t.delivered_at, t.id, t.total_amount).where(sql`${t.status} = 'DELIVERED'`),
    // The last columns are for index-only scans by analytics.
    index('orders_placed_idx')
      .on(t.placed_at, t.id, t.status, t.units_ordered, t.delivery_slot_id, t.delivery_date)
      .where(sql`${t.placed_at} is not null`),
    index('orders_unplaced_idx').on(t.created_at).where(sql`${t.placed_at} is null`),
    oneOf('orders_status_known', t.status, ORDER_STATUSES),
    oneOf('orders_status_before_delay_known', t.status_before_delay, ORDER_STATUSES),
    oneOf('orders_fulfillment_type_known', t.fulfillment_type, FULFILLMENT_TYPES),
    check(
      'orders_total_adds_up',
      sql`${t.total_amount} = ${t.goods_total} + ${t.delivery_fee} + ${t.deposit_total} + ${t.weight_charge} + ${t.removed_amount}`,
    ),
    check(
      'orders_amounts_not_negative',
      sql`least(${t.goods_total}, ${t.delivery_fee}, ${t.deposit_total}, ${t.weight_charge}, ${t.removed_amount}) >= 0`,
    ),
    check(
      'orders_delivery_complete',
      sql`${t.fulfillment_type} = 'PICKUP' or (${t.delivery_slot_id} is not null and ${t.delivery_date} is not null and ${t.delivery_address} is not null)`,
    ),
  ],
);

/** Names, SKUs and prices at the time of purchase. */
export const orderItems = pgTable(
  'order_items',
  {
    id: id(),
    order_id: integer()
      .notNull()
      .references(() => orders.id),
    product_id: integer()
      .notNull()
      .references(() => products.id),
    name: text().notNull(),
    sku: text().notNull(),
    unit: text(),
    image_url: text(),
    unit_price: money().notNull(),
    quantity: integer().notNull(),
    /** What promotions take off the whole line. */
    discount: money().notNull().default('0.00'),
    tax_class: text({ enum: TAX_CLASSES }).notNull().default('STANDARD'),
    /** Of one unit. */
    deposit: money(),
    /** Of a product sold by weight; null for one sold by the piece, as are the next two. */
    price_per_kg: money(),
    nominal_grams: integer(),
    weight_tolerance_percent: numeric({ precision: 5, scale: 2 }),
    /** By how much the line may cost more than it was shown for when it weighs more. */
    overage_percent: numeric({ precision: 5, scale: 2 }).notNull().default('0.00'),
    substitution_policy: text({ enum: SUBSTITUTION_POLICIES }).notNull().default('STORE_CHOICE'),
    /** The products that the customer takes instead, for SPECIFIC. */
    substitution_ids: integer().array(),
    picked_status: text({ enum: PICKED_STATUSES }).notNull().default('PENDING'),
    /** Units in the bag, of the product or of its replacement; the rest of the line is short. Null: all of a line that was picked or replaced. */
    picked_quantity: integer(),
    /** What those units weigh together, where they are sold by weight. */
    picked_grams: integer(),
    /** Why a manager accepted a weight out of tolerance. */
    override_reason: text(),
    /** When the line was picked by the clock of the device; an operation from before that changes nothing. */
    picked_as_of: instant(),
    picked_reason: text(),
    picked_by: integer().references(() => users.id),
    picked_at: instant(),
    replacement_product_id: integer().references(() => products.id),
    replacement_name: text(),
    /** The customer's price of one replaced unit: the lower of the two prices. */
    replacement_unit_price: money(),
    replacement_sku: text(),
    replacement_tax_class: text({ enum: TAX_CLASSES }),
    /** Of one replaced unit: the lower of the two deposits. */
    replacement_deposit: money(),
    replacement_price_per_kg: money(),
    replacement_nominal_grams: integer(),
    replacement_tolerance_percent: numeric({ precision: 5, scale: 2 }),
    /** The age that the courier checks for this product or its replacement; null: none. */
    age_restricted: integer(),
  },
  (t) => [
    index('order_items_order_idx').on(t.order_id, t.id),
    index('order_items_product_idx').on(t.product_id),
    index('order_items_replacement_idx')
      .on(t.replacement_product_id)
      .where(sql`${t.replacement_product_id} is not null`),
    index('order_items_picker_idx').on(t.picked_by, t.picked_at).where(sql`${t.picked_by} is not null`),
    oneOf('order_items_substitution_policy_known', t.substitution_policy, SUBSTITUTION_POLICIES),
    oneOf('order_items_picked_status_known', t.picked_status, PICKED_STATUSES),
    unitsInRange('order_items_quantity_range', t.quantity),
    // One CHECK for all: each has a price on every purchase. The tax classes are those of products, which have one.
    check(
      'order_items_never_dearer',
      sql`${t.replacement_unit_price} <= ${t.unit_price} is not false and ${t.replacement_deposit} <= coalesce(${t.deposit}, 0) is not false and ${t.discount} between 0 and ${t.unit_price} * ${t.quantity}`,
    ),
    check(
      'order_items_picked_within',
      sql`${t.picked_quantity} between 1 and ${t.quantity} is not false and ${t.picked_grams} > 0 is not false and ${t.overage_percent} between 0 and 100`,
    ),
    check(
      'order_items_replacement_complete',
      sql`(${t.picked_status} = 'REPLACED') = (${t.replacement_product_id} is not null)`,
    ),
  ],
);

/** The timeline of an order; append-only, written by a trigger. Partitioned by the month of `at`. */
export const orderEvents = pgTable(
  'order_events',
  {
    id: integer().generatedByDefaultAsIdentity().notNull(),
    order_id: integer()
      .notNull()
      .references(() => orders.id),
    status: text({ enum: ORDER_STATUSES }).notNull(),
    actor_user_id: integer().default(sql`current_actor()`),
    at: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.order_id, t.id, t.at] }),
    index('order_events_at_idx').on(t.at),
    oneOf('order_events_status_known', t.status, ORDER_STATUSES),
  ],
);
