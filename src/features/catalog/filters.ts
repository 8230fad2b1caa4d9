import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { ALLERGENS, DIETARY } from '../../db/schema/words.ts';
import { textArray } from '../../db/statement.ts';
import { MAX_PRICE } from '../../limits.ts';
import { isInStock } from './availability.ts';
import type { ProductQuery } from './schemas.ts';

export type Filters = Omit<z.output<typeof ProductQuery>, 'limit' | 'offset'>;

/** What `faceted` has the numbers of: `grouping` of brand, category, labels and price band. */
export const FACET = {
  brand_id: sql.raw('7'),
  category_id: sql.raw('11'),
  dietary: sql.raw('13'),
  price_band: sql.raw('14'),
};

/** That of the highest price of a product. */
const HIGHEST_BAND = sql`price_band(${sql.raw(String(MAX_PRICE))})`;

/** Scopes of `product_search` and `product_counts`; a branch's own scope is its id. */
const CATALOGUE = 0;
const ANY_BRANCH = -1;

export const scopeOf = ({ in_stock, branch_id }: Filters): number => (in_stock ? (branch_id ?? ANY_BRANCH) : CATALOGUE);

/** The products that a running promotion covers; an unknown one covers none. */
const inPromotion = (id: number): SQL => sql`exists (
  select from promoted where is_promoted(promoted.product_ids, promoted.categories, p.product_id, array[p.category_id])
    and promoted.id = ${id})`;

/** `promoted(id, product_ids, categories)`: the requested promotion, if it is running. */
export const promotedProducts = ({ promotion_id }: Filters): SQL =>
  sql`promoted as materialized (
    select id, product_ids, categories_below(category_ids) as categories from running_promotions where id = ${promotion_id ?? null}::integer)`;

export const all = (conditions: readonly SQL[]): SQL => sql.join([sql`true`, ...conditions], sql` and `);

/**
 * `held_out(product_id)`: products on hand whose whole stock is held by customers in checkout. There are few of them: lists and
 * counts are based on stock on hand and then exclude these.
 */
export const heldOut = ({ in_stock, branch_id }: Filters): SQL =>
  in_stock
    ? sql`held_out as materialized (
        select distinct shelf.product_id
        from (select distinct inventory_id from hold_lines) held
        join inventory shelf on shelf.id = held.inventory_id
        cross join lateral stock_of(shelf.id, shelf.on_hand) stock
        where stock.free = 0 and ${branch_id === undefined ? sql`true` : sql`shelf.branch_id = ${branch_id}`}
          and not ${isInStock(sql`shelf.product_id`, branch_id)})`
    : sql`held_out as (select null::integer as product_id where false)`;

/** The planner takes a comparison of bits or with an unknown price for one that hardly any row meets. */
export const likely = (condition: SQL): SQL => sql`case when ${condition} then true else false end`;

const bitsOf = <Word extends string>(words: readonly Word[], known: readonly Word[]): number =>
  words.reduce((bits, word) => bits | (1 << known.indexOf(word)), 0);

/** What no facet is about, of a row `p` of `product_search` or of the counts. */
export const kindOf = (filters: Filters): SQL[] => [
  ...(filters.organic_only ? [sql`p.is_organic`] : []),
  ...(filters.on_sale ? [sql`p.on_sale`] : []),
  ...(filters.without_allergens?.length
    ? [likely(sql`p.allergens & ${bitsOf(filters.without_allergens, ALLERGENS)}::integer = 0`)]
    : []),
];

/** The filters but some. */
export const without = (filters: Filters, ...names: (keyof Filters)[]): Filters => ({
  ...filters,
  ...Object.fromEntries(names.map((name) => [name, undefined])),
});

/** All of the requested dietary labels. */
export const dietaryOf = ({ dietary }: Filters): SQL[] => {
  if (!dietary?.length) return [];
  const bits = bitsOf(dietary, DIETARY);
  return [likely(sql`p.dietary & ${bits}::integer = ${bits}::integer`)];
};

/** The ids of the requested brands: the whole text, or what is between its commas. */
export const brandIds = (brand: string): SQL =>
  sql`array(select id from brands where key in (select text_key(name) from unnest(${textArray([
    brand,
    ...brand.split(','),
  ])}) name))`;

export const brandOf = ({ brand }: Filters): SQL[] =>
  brand === undefined ? [] : [sql`p.brand_id = any (${brandIds(brand)})`];

export const pricesOf = ({ min_price, max_price }: Filters): SQL[] => [
  ...(min_price === undefined ? [] : [sql`p.price >= ${min_price}::numeric`]),
  ...(max_price === undefined ? [] : [sql`p.price <= ${max_price}::numeric`]),
];

/** Whether `p.price_band` lies in the price range with all of its prices. */
export const isBetween = (filters: Filters): SQL => {
  const { first, last } = endBands(filters);
  return sql`p.price_band > ${first} and p.price_band < ${last}`;
};

/** The prices by their band, and by themselves only at the two ends of the range: most rows need no exact comparison. */
export const bandedPricesOf = (filters: Filters): SQL[] => {
  if (pricesOf(filters).length === 0) return [];
  const { first, last } = endBands(filters);
  return [sql`(${isBetween(filters)} or p.price_band in (${first}, ${last}) and ${all(pricesOf(filters))})`];
};

/** Whether a row has stock in the scope of the list. */
const hasScope = (filters: Filters): SQL => sql`${scopeOf(filters)}::integer = any (p.scopes)`;

/** The same of an active row of `product_facets`: without a branch, its indexes know. */
export const isStocked = (filters: Filters): SQL => {
  if (!filters.in_stock) return sql`true`;
  return filters.branch_id === undefined ? sql`p.is_stocked` : hasScope(filters);
};

/** Condition on a row `p` of `product_search` or `product_facets` for all filters except the category; needs `held_out` and `promoted`. */
export const isListed = (filters: Filters, isInScope = hasScope): SQL =>
  all([
    sql`p.is_active`,
    ...kindOf(filters),
    ...dietaryOf(filters),
    ...brandOf(filters),
    ...pricesOf(filters),
    ...(filters.promotion_id === undefined ? [] : [inPromotion(filters.promotion_id)]),
    ...(filters.in_stock ? [sql`${isInScope(filters)} and p.product_id not in (select product_id from held_out)`] : []),
  ]);

/** `chosen(categories)`: the requested category and its visible subcategories; without one, the hidden categories. */
export const chosenCategories = (categoryId: number | undefined): SQL =>
  sql`chosen as materialized (select ${
    categoryId === undefined ? sql`hidden_category_ids()` : sql`array(select visible_categories(${categoryId}))`
  } as categories)`;

/** Condition that a row `p` is in the requested category or a subcategory, or in any visible one; needs `chosen`. */
export const inCategory = (categoryId: number | undefined): SQL => {
  const chosen = sql`(select categories from chosen)::integer[]`;
  return categoryId === undefined ? sql`p.category_id <> all (${chosen})` : sql`p.category_id = any (${chosen})`;
};

/** The price bands at the two ends of a price range, whose products are counted one by one; those between them are all in it. */
const endBands = ({ min_price, max_price }: Filters): { first: SQL; last: SQL } => ({
  // As subqueries, so that a plan that is kept works them out once, not for each row.
  first: min_price === undefined ? sql`-1` : sql`(select price_band(${min_price}::numeric - 0.01))`,
  last: max_price === undefined ? sql`2000000000` : sql`(select price_band(${max_price}::numeric + 0.01))`,
});

/** The bands that lie in the price range with all of their prices. An index finds their products; a plan that is kept expects a tenth of all. */
export const bandsWithin = (filters: Filters): SQL => {
  const { first, last } = endBands(filters);
  return sql`array(select generate_series(${first} + 1, least(${last} - 1, ${HIGHEST_BAND})))`;
};
/** The bands that lie beyond the price range with all of their prices. */
export const bandsBeyond = (filters: Filters): SQL => {
  const { first, last } = endBands(filters);
  return sql`array(select generate_series(0, ${first} - 1) union all select generate_series(${last} + 1, ${HIGHEST_BAND}))`;
};

/**
 * Products of the bands that the range cuts through, with a condition on their price. Bands first: a category may have many more rows, and
 * the planner assumes that bands and prices are independent.
 */
const rowsOfCutBands = ({ min_price, max_price }: Filters, condition: SQL): SQL => {
  const band = (price: SQL, beyond: SQL) =>
    sql`(select price_band(${price}) where price_band(${beyond}) = price_band(${price}))`;
  const cut = [
    ...(min_price === undefined ? [] : [band(sql`${min_price}::numeric`, sql`${min_price}::numeric - 0.01`)]),
    ...(max_price === undefined ? [] : [band(sql`${max_price}::numeric`, sql`${max_price}::numeric + 0.01`)]),
  ];
  return sql`select p.* from product_facets p
    where p.is_active and p.price_band in (${sql.join(cut, sql`, `)}) and ${condition} offset 0`;
};
/** Those that are in the price range. */
export const rowsAtEnds = (filters: Filters): SQL => rowsOfCutBands(filters, all(pricesOf(filters)));
/** Those that are not. */
export const rowsBeyondEnds = (filters: Filters): SQL => rowsOfCutBands(filters, sql`not (${all(pricesOf(filters))})`);

/** Products that the counts include, although customers in checkout hold all of their stock. */
export const heldRows = (filters: Filters): SQL => sql`
  select p.* from product_facets p
  where p.product_id in (select product_id from held_out) and ${hasScope(filters)} offset 0`;

/**
 * The number of listed products without reading each of them: the sum of the maintained counts. For a price range, it sums the
 * bands entirely within it and counts the products of the bands that it cuts through. Needs `chosen` and `held_out`.
 */
export function totalOf(filters: Filters): SQL {
  const { category_id, in_stock, promotion_id, brand } = filters;
  // No count is kept of these: a promotion covers what it names, a brand has few products, which an index finds.
  if (promotion_id !== undefined || brand !== undefined) {
    return sql`(select count(*) from product_search p where ${isListed(filters)} and ${inCategory(category_id)})`;
  }
  const hasPrices = pricesOf(filters).length > 0;
  const isFine = hasPrices || filters.dietary?.length || filters.without_allergens?.length;
  const counts = isFine ? sql`product_counts` : sql`category_counts`;
  const counted = all([
    sql`p.scope = ${scopeOf(filters)} and ${inCategory(category_id)}`,
    ...kindOf(filters),
    ...dietaryOf(filters),
    ...(hasPrices ? [isBetween(filters)] : []),
  ]);
  const atEnds = sql`(select count(*) from (${rowsAtEnds(filters)}) p where ${isListed(filters)} and ${inCategory(category_id)})`;
  const missing = sql`(select count(*) from product_search p
    where p.product_id in (select product_id from held_out) and ${inCategory(category_id)}
      and ${isListed({ ...filters, in_stock: undefined })} and ${hasScope(filters)}
      and ${hasPrices ? isBetween(filters) : sql`true`})`;
  return sql`coalesce((select sum(p.products) from ${counts} p where ${counted}), 0)
    ${hasPrices ? sql`+ ${atEnds}` : sql``} ${in_stock ? sql`- ${missing}` : sql``}`;
}
