import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createdAt, id, instant, money, oneOf, updatedAt, version } from './columns.ts';
import { users } from './users.ts';
import { CONTENT_UNITS, SOLD_BY, TAX_CLASSES } from './words.ts';

export const categories = pgTable(
  'categories',
  {
    id: id(),
    name: text().notNull(),
    icon_slug: text(),
    description: text(),
    parent_id: integer().references((): AnyPgColumn => categories.id),
    is_active: boolean().notNull().default(true),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    uniqueIndex('categories_name_key').on(sql`text_key(${t.name})`, sql`coalesce(${t.parent_id}, 0)`),
    index('categories_parent_idx').on(t.parent_id),
    check('categories_not_own_parent', sql`${t.parent_id} <> ${t.id}`),
  ],
);

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
    is_active: boolean().notNull().default(true),
    /** Maintained by a trigger on reviews; null without reviews. */
    rating_average: numeric({ precision: 3, scale: 2 }),
    rating_count: integer().notNull().default(0),
    version: version(),
    /** Key for the admin console's search. */
    name_key: text().generatedAlwaysAs(sql`text_key(name)`),
    description_key: text().generatedAlwaysAs(sql`text_key(description)`),
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
    check('products_price_range', sql`${t.price} > 0 and ${t.price} <= 10000`),
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

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/**
 * The search table: one narrow row per product, maintained by triggers on products, inventory and branches. Lists and searches
 * find the page here, then read its products.
 */
export const productSearch = pgTable(
  'product_search',
  {
    product_id: integer()
      .primaryKey()
      .references(() => products.id, { onDelete: 'cascade' }),
    category_id: integer()
      .notNull()
      .references(() => categories.id),
    /** Where the product is listed: 0 = catalogue, -1 = in stock at any active branch, else in stock at that branch. */
    scopes: integer().array().notNull(),
    price: money().notNull(),
    price_band: integer().notNull(),
    is_organic: boolean().notNull(),
    on_sale: boolean().notNull(),
    /** Zero without reviews. */
    rating: numeric({ precision: 3, scale: 2 }).notNull(),
    updated_at: instant().notNull(),
    is_active: boolean().notNull(),
    /** The name in lower case. */
    title: text().notNull(),
    /** The SKU in lower case. */
    sku: text().notNull(),
    /** The words of name and SKU with weight A, of the description with weight B. */
    document: tsvector().notNull().default(''),
  },
  (t) => [
    index('product_search_document_idx').using('gin', t.document).with({ fastupdate: false }),
    // The category comes last, so that skipping to a distant page needs only the index.
    index('product_search_updated_idx').on(t.updated_at, t.product_id, t.category_id).where(sql`${t.is_active}`),
    index('product_search_price_idx').on(t.price, t.product_id, t.category_id).where(sql`${t.is_active}`),
    // Byte order for prefix searches; dictionary order for lists sorted by name.
    index('product_search_title_idx').on(t.title, t.product_id, t.category_id).where(sql`${t.is_active}`),
    index('product_search_name_idx')
      .on(sql`${t.title} collate "und-x-icu"`, t.product_id, t.category_id)
      .where(sql`${t.is_active}`),
    index('product_search_rating_idx').on(t.rating, t.product_id, t.category_id).where(sql`${t.is_active}`),
    index('product_search_sale_idx').on(t.updated_at, t.product_id).where(sql`${t.is_active} and ${t.on_sale}`),
    index('product_search_organic_price_idx')
      .on(t.price, t.product_id, t.category_id)
      .where(sql`${t.is_active} and ${t.is_organic}`),
    index('product_search_category_idx').on(t.category_id, t.updated_at, t.product_id).where(sql`${t.is_active}`),
    index('product_search_category_price_idx').on(t.category_id, t.price, t.product_id).where(sql`${t.is_active}`),
    index('product_search_category_name_idx')
      .on(t.category_id, sql`${t.title} collate "und-x-icu"`, t.product_id)
      .where(sql`${t.is_active}`),
    index('product_search_category_rating_idx').on(t.category_id, t.rating, t.product_id).where(sql`${t.is_active}`),
    index('product_search_category_sale_idx')
      .on(t.category_id, t.price, t.product_id)
      .where(sql`${t.is_active} and ${t.on_sale}`),
    index('product_search_band_idx').on(t.price_band, t.price).where(sql`${t.is_active}`),
  ],
);

/**
 * The vocabulary for typing errors: each word under itself and under every form with one letter removed, so that an index finds
 * words one mistake away. Words that no product uses any more are harmless.
 */
export const searchVariants = pgTable('search_variants', { variant: text().notNull(), word: text().notNull() }, (t) => [
  primaryKey({ columns: [t.variant, t.word] }),
]);

/** Product counts per scope, category (without subcategories) and filter values, so that totals need no counting. */
export const productCounts = pgTable(
  'product_counts',
  {
    scope: integer().notNull(),
    category_id: integer().notNull(),
    is_organic: boolean().notNull(),
    on_sale: boolean().notNull(),
    price_band: integer().notNull(),
    products: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.scope, t.category_id, t.is_organic, t.on_sale, t.price_band] })],
);

/** One row: a hash of the functions that built the words of `product_search`. */
export const searchState = pgTable(
  'search_state',
  { id: boolean().primaryKey().default(true), functions_hash: text().notNull() },
  (t) => [check('search_state_one_row', sql`${t.id}`)],
);
