import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  customType,
  index,
  integer,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { categories, products } from './catalogue.ts';
import { createdAt, id, instant, money } from './columns.ts';

/** Every brand that a product has had; the spelling that was written last. */
export const brands = pgTable(
  'brands',
  { id: id(), name: text().notNull(), key: text().notNull().generatedAlwaysAs(sql`text_key(name)`) },
  (t) => [uniqueIndex('brands_key_key').on(t.key)],
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
    brand_id: integer().references(() => brands.id),
    /** Bits: the place of each word in `DIETARY`. */
    dietary: integer().notNull().default(0),
    /** Bits: the place of each word in `ALLERGENS`, of what the product contains or may contain. */
    allergens: integer().notNull().default(0),
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
    /** In characters: of equal matches the shorter name comes first. */
    title_length: integer().notNull().generatedAlwaysAs(sql`length(title)`),
  },
  (t) => [
    index('product_search_document_idx').using('gin', t.document).with({ fastupdate: false }),
    // The category comes last, so that skipping to a distant page needs only the index.
    index('product_search_updated_idx').on(t.updated_at, t.product_id, t.category_id).where(sql`${t.is_active}`),
    index('product_search_price_idx').on(t.price, t.product_id, t.category_id).where(sql`${t.is_active}`),
    // Byte order for prefix searches; dictionary order for lists sorted by name.
    index('product_search_title_idx')
      .on(sql`${t.title} collate "C"`, t.product_id, t.category_id)
      .where(sql`${t.is_active}`),
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
    index('product_search_brand_idx')
      .on(t.brand_id, t.price_band, t.price, t.category_id, t.dietary, t.allergens, t.is_organic, t.on_sale)
      .where(sql`${t.is_active}`),
  ],
);

/**
 * What facets and totals filter by, of each row of `product_search`: a seventh of its size, because many of them are counted one by
 * one. No index has the scopes, so that a product that sells out at a branch or comes back there needs no new entry. Those of price
 * bands and categories have all else that filters ask for, so that the rows of most products need not be read.
 */
export const productFacets = pgTable(
  'product_facets',
  {
    product_id: integer()
      .primaryKey()
      .references(() => productSearch.product_id, { onDelete: 'cascade' }),
    category_id: integer().notNull(),
    brand_id: integer(),
    price_band: integer().notNull(),
    dietary: integer().notNull(),
    allergens: integer().notNull(),
    is_organic: boolean().notNull(),
    on_sale: boolean().notNull(),
    is_active: boolean().notNull(),
    price: money().notNull(),
    scopes: integer().array().notNull(),
    /** At any branch. */
    is_stocked: boolean().notNull().generatedAlwaysAs(sql`-1 = any (scopes)`),
  },
  (t) => [
    index('product_facets_band_idx').on(
      t.price_band,
      t.price,
      t.brand_id,
      t.dietary,
      t.allergens,
      t.is_organic,
      t.on_sale,
      t.is_active,
      t.is_stocked,
    ),
    index('product_facets_category_idx').on(
      t.category_id,
      t.brand_id,
      t.price_band,
      t.price,
      t.dietary,
      t.allergens,
      t.is_organic,
      t.on_sale,
      t.is_active,
      t.is_stocked,
      t.product_id,
    ),
    index('product_facets_brand_idx').on(t.brand_id),
  ],
);

/**
 * The vocabulary for typing errors: each word under itself and under every form with one letter removed, so that an index finds
 * words one mistake away. Words that no product uses any more are harmless.
 */
export const searchVariants = pgTable('search_variants', { variant: text().notNull(), word: text().notNull() }, (t) => [
  primaryKey({ columns: [t.variant, t.word] }),
]);

/**
 * The words of products that begin with no digit and have three letters or more, in byte order: whether any goes on after what is typed.
 * Words that no product uses any more are harmless.
 */
export const searchLexemes = pgTable('search_lexemes', { word: text().notNull() }, (t) => [
  uniqueIndex('search_lexemes_word').on(sql`${t.word} collate "C"`),
]);

/** Product counts per scope, category (without subcategories) and filter values, so that totals and facets need no counting. */
export const productCounts = pgTable(
  'product_counts',
  {
    scope: integer().notNull(),
    category_id: integer().notNull(),
    is_organic: boolean().notNull(),
    on_sale: boolean().notNull(),
    price_band: integer().notNull(),
    dietary: integer().notNull().default(0),
    allergens: integer().notNull().default(0),
    products: integer().notNull(),
  },
  (t) => [
    primaryKey({
      name: 'product_counts_pk',
      columns: [t.scope, t.category_id, t.is_organic, t.on_sale, t.price_band, t.dietary, t.allergens],
    }),
  ],
);

/** The same without what few lists filter by: the total of a page is a sum of few rows. */
export const categoryCounts = pgTable(
  'category_counts',
  {
    scope: integer().notNull(),
    category_id: integer().notNull(),
    is_organic: boolean().notNull(),
    on_sale: boolean().notNull(),
    products: integer().notNull(),
  },
  (t) => [primaryKey({ name: 'category_counts_pk', columns: [t.scope, t.category_id, t.is_organic, t.on_sale] })],
);

/** Product counts per scope and brand. With the price or the category as well, there would be as many rows as products. */
export const brandCounts = pgTable(
  'brand_counts',
  {
    scope: integer().notNull(),
    brand_id: integer()
      .notNull()
      .references(() => brands.id),
    is_organic: boolean().notNull(),
    on_sale: boolean().notNull(),
    dietary: integer().notNull(),
    allergens: integer().notNull(),
    products: integer().notNull(),
  },
  (t) => [
    primaryKey({
      name: 'brand_counts_pk',
      columns: [t.scope, t.brand_id, t.is_organic, t.on_sale, t.dietary, t.allergens],
    }),
  ],
);

/** Product counts per scope, brand and price band, for the brands of a price range without other filters. */
export const brandPriceCounts = pgTable(
  'brand_price_counts',
  {
    scope: integer().notNull(),
    brand_id: integer()
      .notNull()
      .references(() => brands.id),
    price_band: integer().notNull(),
    products: integer().notNull(),
  },
  (t) => [primaryKey({ name: 'brand_price_counts_pk', columns: [t.scope, t.brand_id, t.price_band] })],
);

/** Groups of words and phrases of equal meaning. */
export const searchSynonyms = pgTable(
  'search_synonyms',
  {
    id: id(),
    words: text().array().notNull(),
    /** The words as a search compares them: `synonym_phrases`. */
    phrases: text().array().notNull(),
    created_at: createdAt(),
  },
  (t) => [
    index('search_synonyms_phrases_idx').using('gin', t.phrases),
    check('search_synonyms_several', sql`cardinality(${t.phrases}) >= 2`),
  ],
);

/** One row: a hash of the functions that built the words of `product_search`. */
export const searchState = pgTable(
  'search_state',
  { id: boolean().primaryKey().default(true), functions_hash: text().notNull() },
  (t) => [check('search_state_one_row', sql`${t.id}`)],
);
