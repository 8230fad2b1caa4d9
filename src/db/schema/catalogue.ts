import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { MAX_PRICE } from '../../limits.ts';
import { createdAt, id, money, oneOf, someOf, translations, updatedAt, version } from './columns.ts';
import { users } from './users.ts';
import { ALLERGENS, CONTENT_UNITS, DIETARY, SOLD_BY, TAX_CLASSES } from './words.ts';

export const categories = pgTable(
  'categories',
  {
    id: id(),
    name: text().notNull(),
    icon_slug: text(),
    description: text(),
    parent_id: integer().references((): AnyPgColumn => categories.id),
    translations: translations(),
    is_active: boolean().notNull().default(true),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    uniqueIndex('categories_name_key').on(sql`text_key(${t.name})`, sql`coalesce(${t.parent_id}, 0)`),
    index('categories_parent_idx').on(t.parent_id),
    index('categories_hidden_idx').on(t.id).where(sql`not ${t.is_active}`),
    check('categories_not_own_parent', sql`${t.parent_id} <> ${t.id}`),
  ],
);

const words = () => text().array().notNull().default([]);

export const products = pgTable(
  'products',
  {
    id: id(),
    name: text().notNull(),
    sku: text().notNull(),
    price: money().notNull(),
    old_price: money(),
    unit: text(),
    nutritional_info: jsonb(),
    is_organic: boolean().notNull().default(false),
    bin_location: text(),
    image_url: text(),
    description: text(),
    category_id: integer()
      .notNull()
      .references(() => categories.id),
    tax_class: text({ enum: TAX_CLASSES }).notNull().default('STANDARD'),
    /** What is charged for the container of one unit, beside the price; null: nothing. */
    deposit: money(),
    sold_by: text({ enum: SOLD_BY }).notNull().default('EACH'),
    /** Of a product sold by weight; `price` is that of a nominal piece, and a trigger keeps the two together. */
    price_per_kg: money(),
    nominal_grams: integer(),
    /** How far what is picked may weigh from its nominal pieces. */
    weight_tolerance_percent: numeric({ precision: 5, scale: 2 }).notNull().default('10.00'),
    /** What one piece holds, for the price per unit of measure. */
    net_content_amount: numeric({ precision: 10, scale: 3 }),
    net_content_unit: text({ enum: CONTENT_UNITS }),
    allergens: words(),
    may_contain: words(),
    dietary: words(),
    age_restricted: integer(),
    brand: text(),
    /** A GTIN of 8, 12, 13 or 14 digits, as it is printed. */
    barcode: text(),
    translations: translations(),
    is_active: boolean().notNull().default(true),
    /** Maintained by a trigger on reviews; null without reviews. */
    rating_average: numeric({ precision: 3, scale: 2 }),
    rating_count: integer().notNull().default(0),
    version: version(),
    /** Key for the admin console's search. */
    name_key: text().generatedAlwaysAs(sql`text_key(name)`),
    description_key: text().generatedAlwaysAs(sql`text_key(description)`),
    translated_texts: text().generatedAlwaysAs(sql`translated_texts(translations)`),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    uniqueIndex('products_sku_key').on(sql`upper(${t.sku})`),
    index('products_category_idx').on(t.category_id, t.id),
    oneOf('products_tax_class_known', t.tax_class, TAX_CLASSES),
    // One CHECK each for all that concerns weight and content: each CHECK has a price on every change of a product.
    check(
      'products_weight_complete',
      sql`case when ${t.sold_by} = 'WEIGHT' then coalesce(${t.price_per_kg} > 0 and ${t.nominal_grams} between 1 and 100000 and abs(${t.price} - ${t.price_per_kg} * ${t.nominal_grams} / 1000) <= 0.005 + 0.005 * ${t.nominal_grams} / 1000, false) else ${t.sold_by} = 'EACH' end and ${t.weight_tolerance_percent} between 0 and 100`,
    ),
    check(
      'products_net_content_complete',
      sql`(${t.net_content_amount} is null) = (${t.net_content_unit} is null) and ${t.net_content_amount} > 0 is not false and ${t.net_content_unit} = any (${sql.raw(`'{${CONTENT_UNITS.join(',')}}'::text[]`)}) is not false`,
    ),
    check('products_deposit_range', sql`${t.deposit} > 0 and ${t.deposit} <= 1000`),
    // The same number may be written with leading zeros.
    uniqueIndex('products_barcode_key').on(sql`lpad(${t.barcode}, 14, '0')`),
    someOf('products_allergens_known', t.allergens, ALLERGENS),
    someOf('products_may_contain_known', t.may_contain, ALLERGENS),
    someOf('products_dietary_known', t.dietary, DIETARY),
    check('products_age_known', sql`${t.age_restricted} = 18`),
    check('products_barcode_valid', sql`is_gtin(${t.barcode})`),
    check('products_price_range', sql`${t.price} > 0 and ${t.price} <= ${sql.raw(String(MAX_PRICE))}`),
    check('products_old_price_range', sql`${t.old_price} > 0 and ${t.old_price} <= 100000`),
  ],
);

export const reviews = pgTable(
  'reviews',
  {
    id: id(),
    product_id: integer()
      .notNull()
      .references(() => products.id),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    rating: integer().notNull(),
    title: text(),
    body: text(),
    verified_purchase: boolean().notNull().default(false),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    uniqueIndex('reviews_one_per_customer').on(t.product_id, t.user_id),
    index('reviews_product_idx').on(t.product_id, t.created_at, t.id),
    index('reviews_user_idx').on(t.user_id),
    check('reviews_rating_range', sql`${t.rating} between 1 and 5`),
  ],
);

export const wishlistItems = pgTable(
  'wishlist_items',
  {
    user_id: integer()
      .notNull()
      .references(() => users.id),
    product_id: integer()
      .notNull()
      .references(() => products.id),
    created_at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.user_id, t.product_id] }), index('wishlist_items_product_idx').on(t.product_id)],
);
