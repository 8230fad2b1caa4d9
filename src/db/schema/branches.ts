import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  customType,
  date,
  index,
  integer,
  numeric,
  pgTable,
  text,
  time,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createdAt, id, instant, money, oneOf, translations, updatedAt } from './columns.ts';
import { PAYMENT_MODES, RECEIPT_LANGUAGES, WEIGHT_OVERAGES } from './words.ts';

export const branches = pgTable(
  'branches',
  {
    id: id(),
    name: text().notNull(),
    address: text().notNull(),
    translations: translations(),
    is_active: boolean().notNull().default(true),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [uniqueIndex('branches_name_key').on(sql`text_key(${t.name})`)],
);

/** A weekly two-hour window of a branch. Active ones cannot overlap: `delivery_slots_no_overlap` (custom migration). */
export const deliverySlots = pgTable(
  'delivery_slots',
  {
    id: id(),
    branch_id: integer()
      .notNull()
      .references(() => branches.id),
    /** 0 = Sunday. */
    day_of_week: integer().notNull(),
    start_time: time().notNull(),
    end_time: time().notNull(),
    /** Maximum number of orders per date; null = unlimited. */
    capacity: integer(),
    /** Booking ends so long before the start, or at a time of the day before. */
    cutoff_minutes: integer().notNull().default(0),
    cutoff_day_before: time(),
    /** Of a delivery in this slot; null: that of the zone, else the rule of the settings. */
    fee: money(),
    is_active: boolean().notNull().default(true),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    index('delivery_slots_branch_idx').on(t.branch_id, t.day_of_week, t.start_time),
    index('delivery_slots_day_idx').on(t.day_of_week, t.start_time, t.id),
    check('delivery_slots_day_of_week', sql`${t.day_of_week} between 0 and 6`),
    check('delivery_slots_two_hours', sql`${t.end_time} - ${t.start_time} = interval '2 hours'`),
    check('delivery_slots_capacity', sql`${t.capacity} >= 0`),
    check('delivery_slots_cutoff', sql`${t.cutoff_minutes} between 0 and 10080`),
    check('delivery_slots_one_cutoff', sql`${t.cutoff_minutes} = 0 or ${t.cutoff_day_before} is null`),
    check('delivery_slots_fee', sql`${t.fee} >= 0`),
  ],
);

/** A date on which a branch, or one slot of it, is closed or has another capacity. That of the slot precedes that of the branch. */
export const slotExceptions = pgTable(
  'slot_exceptions',
  {
    id: id(),
    branch_id: integer()
      .notNull()
      .references(() => branches.id),
    date: date().notNull(),
    /** Null: every slot of the branch. */
    slot_id: integer().references(() => deliverySlots.id),
    closed: boolean().notNull(),
    capacity: integer(),
    reason: text().notNull(),
    created_at: createdAt(),
  },
  (t) => [
    unique('slot_exceptions_one').on(t.branch_id, t.date, t.slot_id).nullsNotDistinct(),
    index('slot_exceptions_date_idx').on(t.date, t.id),
    index('slot_exceptions_slot_idx').on(t.slot_id),
    check('slot_exceptions_capacity', sql`${t.capacity} >= 0`),
    check('slot_exceptions_one_meaning', sql`${t.closed} = (${t.capacity} is null)`),
  ],
);

const int8multirange = customType<{ data: string }>({ dataType: () => 'int8multirange' });

/** An area that a branch delivers to. Zones of one branch share no postal code: `save_delivery_zone`. */
export const deliveryZones = pgTable(
  'delivery_zones',
  {
    id: id(),
    name: text().notNull(),
    /** Patterns: `61000`, `6*`, `61000-61999`. */
    postal_codes: text().array().notNull(),
    /** The same as numbers, see `postal_key`: what is compared. */
    codes: int8multirange().notNull(),
    /** Null: the rule of the settings. */
    fee: money(),
    minimum: money(),
    /** Who delivers; null: the delivery source branch. */
    branch_id: integer().references(() => branches.id),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    index('delivery_zones_branch_idx').on(t.branch_id),
    check('delivery_zones_amounts', sql`least(${t.fee}, ${t.minimum}) >= 0`),
  ],
);

/** The single row of settings that administrators can change. Times are in the shop's time zone. */
export const settings = pgTable(
  'settings',
  {
    id: integer().primaryKey().default(1),
    delivery_min: money().notNull().default('150.00'),
    delivery_fee: money().notNull().default('30.00'),
    minimum_order_total: money().notNull().default('0.00'),
    opens_at: time().notNull().default('06:00'),
    closes_at: time().notNull().default('22:00'),
    currency: text().notNull().default('ILS'),
    /** A refund by staff above it needs a second manager; null: none does. */
    refund_approval_over: money(),
    /** How long after the delivery a claim can be filed. */
    claim_hours: integer().notNull().default(48),
    /** Claims up to it are approved automatically; 0: none. */
    claim_auto_approve_under: money().notNull().default('0.00'),
    /** Whether confirm takes the money or reserves it. Each order ends by the mode it began with. */
    payment_mode: text({ enum: PAYMENT_MODES }).notNull().default('CHARGE'),
    /** What is authorised over the price of the lines that are weighed. */
    authorization_margin_percent: numeric({ precision: 5, scale: 2 }).notNull().default('0.00'),
    /** How long a customer has to answer a proposal. */
    proposal_minutes: integer().notNull().default(5),
    weight_overage: text({ enum: WEIGHT_OVERAGES }).notNull().default('ABSORB'),
    /** Who sells, as receipts say it; a receipt keeps what it was issued with. */
    seller_name: text().notNull().default('Mami Supermarket'),
    seller_address: text().notNull().default(''),
    seller_tax_id: text().notNull().default(''),
    /** Of printed receipts, where the customer asks for no other. */
    receipt_language: text({ enum: RECEIPT_LANGUAGES }).notNull().default('he'),
    /** Whether deliveries go to the delivery zones alone. */
    require_zone: boolean().notNull().default(false),
    /** Staff without TOTP can only set it up. */
    require_staff_totp: boolean().notNull().default(false),
    /** Employees and managers see orders, stock and requests of their own branch only. */
    branch_scoped_staff: boolean().notNull().default(false),
    updated_at: instant().notNull().defaultNow(),
    updated_by: integer(),
  },
  (t) => [
    oneOf('settings_payment_mode_known', t.payment_mode, PAYMENT_MODES),
    check('settings_proposal_minutes', sql`${t.proposal_minutes} between 1 and 60`),
    oneOf('settings_weight_overage_known', t.weight_overage, WEIGHT_OVERAGES),
    check('settings_margin', sql`${t.authorization_margin_percent} between 0 and 100`),
    check('settings_one_row', sql`${t.id} = 1`),
    check('settings_amounts', sql`least(${t.delivery_min}, ${t.delivery_fee}, ${t.minimum_order_total}) >= 0`),
    check(
      'settings_claims',
      sql`least(${t.refund_approval_over}, ${t.claim_auto_approve_under}, ${t.claim_hours}) >= 0`,
    ),
    oneOf('settings_receipt_language_known', t.receipt_language, RECEIPT_LANGUAGES),
    check('settings_hours', sql`${t.closes_at} - ${t.opens_at} >= interval '2 hours'`),
  ],
);
