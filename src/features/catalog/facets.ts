import { type SQL, sql } from 'drizzle-orm';
import type { Language } from '../../db/schema/words.ts';
import { DIETARY } from '../../db/schema/words.ts';
import { textArray } from '../../db/statement.ts';
import {
  all,
  bandedPricesOf,
  brandIds,
  brandOf,
  dietaryOf,
  type Filters,
  inCategory,
  isBetween,
  isListed,
  kindOf,
  likely,
  pricesOf,
  rowsAtEnds,
  scopeOf,
  without,
} from './filters.ts';

/** Lower ends of the price bands that customers see; each is a band, or begins one, of `price_band`. */
const PRICE_STEPS = [0, 5, 10, 20, 30, 50, 100, 200] as const;
const HIGHEST_PRICE = '10000.00';
/** Brands beyond these are not listed, chosen ones apart. */
const MAX_BRANDS = 100;

/**
 * Common table expressions of the facets: `faceted` (category, dietary labels, price band, whether the price is in the range,
 * number) for all facets but the brands, and `branded` (brand, number). Each leaves out the filter that its facet is about. They are
 * read from the maintained counts as far as these go; a brand, a category or a text leaves few enough products to count one by one.
 */
export function facetTables(filters: Filters, found: SQL | undefined): SQL {
  const { category_id, brand, promotion_id } = filters;
  const isAny = (...filter: unknown[]): boolean => filter.some((each) => each !== undefined);
  const counted = isAny(found, promotion_id, brand) ? countedRows(filters, found) : countedSums(filters);
  const branded = isAny(found, promotion_id, category_id) ? brandedRows(filters, found) : brandCounts(filters);
  return sql`faceted as materialized (${counted}), branded as materialized (${branded})`;
}

function brandCounts(filters: Filters): SQL {
  if (pricesOf(filters).length === 0) return brandedSums(filters);
  return isNarrowed(filters) ? narrowedBrands(filters) : pricedBrands(filters);
}

/** Whether there are filters that the counts by brand and price do not know. */
const isNarrowed = (filters: Filters): boolean => kindOf(filters).length + dietaryOf(filters).length > 0;

const isInPrices = (filters: Filters): SQL => all(pricesOf(filters));

/** Rows of `product_facets`, or those that a text found: these have passed the filters that no facet is about. */
const rowsOf = (filters: Filters, found: SQL | undefined): SQL =>
  sql`from ${found ?? sql`product_facets`} p where ${all(conditionsOf(filters, found))}`;

const conditionsOf = (filters: Filters, found: SQL | undefined): SQL[] => {
  const exact = without(filters, 'min_price', 'max_price');
  const passes = found ? [...dietaryOf(filters), ...brandOf(filters)] : [isListed(exact)];
  return [...passes, ...bandedPricesOf(filters).map(likely)];
};

function countedRows(filters: Filters, found: SQL | undefined): SQL {
  const others = without(filters, 'category_id', 'dietary', 'min_price', 'max_price');
  return sql`select p.category_id, p.dietary, p.price_band, ${isInPrices(filters)} as in_prices, count(*)::integer as products
    ${rowsOf(others, found)} group by 1, 2, 3, 4`;
}

function countedSums(filters: Filters): SQL {
  const others = without(filters, 'category_id', 'dietary', 'min_price', 'max_price');
  const parts = [
    sql`select p.category_id, p.dietary, p.price_band, ${isBetween(filters)} as in_prices, sum(p.products)::integer as products
      from product_counts p where ${all([sql`p.scope = ${scopeOf(filters)}`, ...kindOf(filters)])} group by 1, 2, 3, 4`,
  ];
  if (pricesOf(filters).length > 0) {
    parts.push(sql`select p.category_id, p.dietary, null, true, count(*)::integer
      from (${rowsAtEnds(filters)}) p where ${isListed(others)} group by 1, 2`);
  }
  if (filters.in_stock) {
    parts.push(sql`select p.category_id, p.dietary, p.price_band, ${isBetween(filters)}, -count(*)::integer
      from (${heldRows(filters)}) p where ${isListed(without(others, 'in_stock'))} group by 1, 2, 3, 4`);
  }
  return sql.join(parts, sql` union all `);
}

/** Products that the counts include, although customers in checkout hold all of their stock. */
const heldRows = (filters: Filters): SQL => sql`
  select p.* from product_facets p
  where p.product_id in (select product_id from held_out) and ${scopeOf(filters)}::integer = any (p.scopes) offset 0`;

function brandedRows(filters: Filters, found: SQL | undefined): SQL {
  const others = without(filters, 'brand');
  if (found || filters.category_id === undefined) {
    return sql`select p.brand_id, count(*)::integer as products ${rowsOf(others, found)} and ${inCategory(filters.category_id)}
      and p.brand_id is not null group by 1`;
  }
  const isInCategory = inCategory(filters.category_id);
  return brandSums(countedBrands(isInCategory, all(conditionsOf(others, found)), isInCategory));
}

function brandedSums(filters: Filters): SQL {
  const counts = all([sql`p.scope = ${scopeOf(filters)}`, ...kindOf(filters), ...dietaryOf(filters)]);
  return brandSums([
    sql`select p.brand_id, sum(p.products)::integer as products from brand_counts p where ${counts} group by 1`,
    ...notOffered(filters, sql`true`),
  ]);
}

/** For a price range alone: the bands within it from the counts, those at its ends by row. */
function pricedBrands(filters: Filters): SQL {
  const isWithin = isBetween(filters);
  return brandSums([
    sql`select p.brand_id, sum(p.products)::integer as products from brand_price_counts p
      where p.scope = ${scopeOf(filters)} and ${isWithin} group by 1`,
    sql`select p.brand_id, count(*)::integer from (${rowsAtEnds(filters)}) p
      where ${isListed(without(filters, 'brand'))} and ${inCategory(undefined)} group by 1`,
    ...notOffered(filters, isWithin),
  ]);
}

/** For a price range together with other filters no counts are kept: the products in the range are counted by row. */
function narrowedBrands(filters: Filters): SQL {
  const isShelved = sql`p.is_active and ${all([...kindOf(filters), ...dietaryOf(filters)])} and ${scopeOf(filters)}::integer = any (p.scopes)`;
  return brandSums([
    ...countedBrands(all(bandedPricesOf(filters)), isShelved, sql`in_prices`),
    ...notOffered(filters, isInPrices(filters)),
  ]);
}

/**
 * Rows of `product_facets` by brand. An index finds those that meet the first condition if they are few; of more than a fifth, reading
 * all rows in order is faster. `isOne` says which rows of `faceted` they are: a plan that is kept does not know how many.
 */
function countedBrands(isFound: SQL, passes: SQL, isOne: SQL): SQL[] {
  const isMost = sql`(select coalesce(5 * sum(products) filter (where ${isOne}) > sum(products), false) from faceted p)`;
  const rows = sql`select p.brand_id, count(*)::integer as products from product_facets p where p.brand_id is not null`;
  return [
    sql`${rows} and not ${isMost} and ${isFound} and ${passes} group by 1`,
    sql`${rows} and ${isMost} and ${likely(isFound)} and ${passes} group by 1`,
  ];
}

const brandSums = (parts: SQL[]): SQL => sql`
  select brand_id, sum(products)::integer as products from (${sql.join(parts, sql` union all `)}) parts
  where brand_id is not null group by 1`;

/** What counts by brand include too much: products of hidden categories, which they do not know, and held ones. */
function notOffered(filters: Filters, isCounted: SQL): SQL[] {
  const others = without(filters, 'brand');
  const hidden = sql`select p.brand_id, -1 from product_facets p
    where p.category_id = any ((select categories from chosen)::integer[]) and ${isListed(others)} and ${isCounted}`;
  const held = sql`select p.brand_id, -1 from (${heldRows(filters)}) p
    where ${isListed(without(others, 'in_stock'))} and ${isCounted}`;
  return filters.in_stock ? [hidden, held] : [hidden];
}

/** How many of the counted products the list has. */
export const facetedTotal = (filters: Filters): SQL => sql`(
  select coalesce(sum(p.products), 0)::integer from faceted p
  where p.in_prices and ${all(dietaryOf(filters))} and ${inCategory(filters.category_id)})`;

/** The facets as JSON; needs `facetTables` and `chosen`. */
export function facetsJson(filters: Filters, language: Language | undefined): SQL {
  const isDietary = all(dietaryOf(filters));
  const inChosen = inCategory(filters.category_id);
  return sql`json_build_object(
    'categories', (${categories(isDietary, language)}),
    'brands', (${brandsJson(filters)}),
    'dietary', (
      select coalesce(json_agg(json_build_object('value', word, 'count', products) order by products desc, place), '[]')
      from (
        select word, place, sum(p.products)::integer as products
        from (
          select p.dietary, sum(p.products)::integer as products from faceted p where p.in_prices and ${inChosen} group by 1
        ) p
        join unnest(${textArray(DIETARY)}) with ordinality known (word, place) on p.dietary & (1 << (place - 1)::integer) <> 0
        group by 1, 2 having sum(p.products) > 0
      ) labels),
    'price_bands', (
      select coalesce(json_agg(json_build_object('min', low::numeric(12, 2)::text, 'max', high, 'count', products) order by low), '[]')
      from (
        select step.low, step.high, sum(p.products)::integer as products
        from (
          select p.price_band, sum(p.products)::integer as products from faceted p where ${isDietary} and ${inChosen} group by 1
        ) p join (values ${STEPS}) step (low, high, first, last) on p.price_band between step.first and step.last
        group by 1, 2 having sum(p.products) > 0
      ) bands))`;
}

const STEPS = sql.raw(
  PRICE_STEPS.map((low, index) => {
    const next = PRICE_STEPS[index + 1];
    const high = next === undefined ? HIGHEST_PRICE : (next - 0.01).toFixed(2);
    return `(${low}, '${high}', price_band(${low}), price_band(${high}))`;
  }).join(', '),
);

/** Every visible category that has some, with those of its subcategories: what the list shows when it is chosen. */
const categories = (isDietary: SQL, language: Language | undefined): SQL => sql`
  with recursive climb as (
    select p.category_id as id, sum(p.products)::integer as products from faceted p
      where p.in_prices and ${isDietary} and p.category_id <> all ((select hidden_category_ids())::integer[]) group by 1
    union all
    select c.parent_id, climb.products from climb join categories c on c.id = climb.id where c.parent_id is not null
  )
  select coalesce(json_agg(json_build_object('id', id, 'name', name, 'count', products) order by products desc, name, id), '[]')
  from (
    select c.id, translated(c.name, c.translations, ${language ?? null}, 'name') as name, sum(climb.products)::integer as products
    from climb join categories c on c.id = climb.id group by c.id having sum(climb.products) > 0
  ) counts`;

const brandsJson = ({ brand }: Filters): SQL => sql`
  select coalesce(json_agg(json_build_object('value', name, 'count', products) order by products desc, name), '[]')
  from (
    select b.name, p.products::integer from branded p join brands b on b.id = p.brand_id where p.products > 0
    order by ${brand === undefined ? sql`` : sql`b.id = any (${brandIds(brand)}) desc,`} p.products desc, b.name
    limit ${MAX_BRANDS}
  ) most`;
