import { type SQL, sql } from 'drizzle-orm';
import type { Language } from '../../db/schema/words.ts';
import { DIETARY } from '../../db/schema/words.ts';
import { textArray } from '../../db/statement.ts';
import { MAX_PRICE } from '../../limits.ts';
import { brandsOf } from './facet-brands.ts';
import {
  all,
  bandedPricesOf,
  brandIds,
  brandOf,
  dietaryOf,
  FACET,
  type Filters,
  heldRows,
  inCategory,
  isBetween,
  isListed,
  kindOf,
  pricesOf,
  rowsAtEnds,
  scopeOf,
  without,
} from './filters.ts';

/** Lower ends of the price bands that customers see; each is a band, or begins one, of `price_band`. */
const PRICE_STEPS = [0, 5, 10, 20, 30, 50, 100, 200] as const;
/** Brands beyond these are not listed, chosen ones apart. */
const MAX_BRANDS = 100;

/**
 * Common table expressions of the facets. `faceted` has the values of each facet with the number of products that pass all filters but
 * that of the facet: one pass counts all of them. It is over the maintained counts as far as these go; a brand, a
 * promotion or a text leaves few enough products to count one by one. `branded` has the brands, which the maintained counts have apart.
 */
export function facetTables(filters: Filters, found: SQL | undefined): SQL {
  if (found || filters.promotion_id !== undefined) {
    const others = without(filters, 'category_id', 'dietary', 'brand', 'min_price', 'max_price');
    const rows = countedRows(filters, found ?? sql`product_facets`, found ? sql`true` : isListed(others));
    return sql`faceted as materialized (${tally(filters, rows, brandOf(filters), true)}),
      branded as materialized (select p.brand_id, p.products from faceted p where p.facet = ${FACET.brand_id})`;
  }
  const others = without(filters, 'category_id', 'dietary', 'min_price', 'max_price');
  const rows =
    filters.brand === undefined ? countedSums(filters) : countedRows(filters, sql`product_facets`, isListed(others));
  return sql`faceted as materialized (${tally(filters, rows, [], false)}), branded as materialized (${brandsOf(filters)})`;
}

/** Counts of rows by each of their columns alone. */
function tally(filters: Filters, rows: SQL, isOfBrand: SQL[], withBrands: boolean): SQL {
  const isDietary = dietaryOf(filters);
  const inPrices = pricesOf(filters).length > 0 ? [sql`p.in_prices`] : [];
  const isAny = filters.category_id === undefined;
  const isChosen = isAny ? [] : [sql`p.is_chosen`];
  const columns = sql.raw(
    withBrands ? 'p.brand_id, p.category_id, p.dietary, p.price_band' : 'p.category_id, p.dietary, p.price_band',
  );
  const facet = sql`grouping(${columns}) + ${sql.raw(withBrands ? '0' : '8')}`;
  const sum = (...filters: SQL[][]) => sql`sum(p.products) filter (where ${all(filters.flat())})`;
  // Whether a category is chosen is worked out once for a row: `offset 0`.
  return sql`
    select ${facet} as facet, ${columns}, (case ${facet}
        when ${FACET.brand_id} then ${sum(inPrices, isDietary, isChosen)}
        when ${FACET.category_id} then ${sum(inPrices, isDietary, isOfBrand)}
        when ${FACET.dietary} then ${sum(inPrices, isChosen, isOfBrand)}
        else ${sum(isDietary, isChosen, isOfBrand)} end)::integer as products
    from (select p.*${isAny ? sql`` : sql`, ${inCategory(filters.category_id)} as is_chosen`} from (${rows}) p
      ${isAny ? sql`where ${inCategory(undefined)}` : sql`offset 0`}) p
    group by grouping sets (${sql.raw(withBrands ? '(p.brand_id), ' : '')}(p.category_id), (p.dietary), (p.price_band))`;
}

/** Rows of `product_facets`, or those that a text found: these have passed the filters that no facet is about. */
function countedRows(filters: Filters, source: SQL, passes: SQL): SQL {
  return sql`select p.brand_id, p.category_id, p.dietary, p.price_band, ${all(bandedPricesOf(filters))} as in_prices, 1 as products
    from ${source} p where ${passes}`;
}

/** Without a band, so that no band counts them twice: products at the ends of a price range. */
function countedSums(filters: Filters): SQL {
  const others = without(filters, 'category_id', 'dietary', 'min_price', 'max_price');
  const parts = [
    sql`select p.category_id, p.dietary, p.price_band, ${isBetween(filters)} as in_prices, p.products
      from product_counts p where ${all([sql`p.scope = ${scopeOf(filters)}`, ...kindOf(filters)])}`,
  ];
  if (pricesOf(filters).length > 0) {
    parts.push(
      sql`select p.category_id, p.dietary, null, true, 1 from (${rowsAtEnds(filters)}) p where ${isListed(others)}`,
    );
  }
  if (filters.in_stock) {
    parts.push(sql`select p.category_id, p.dietary, p.price_band, ${isBetween(filters)}, -1
      from (${heldRows(filters)}) p where ${isListed(without(others, 'in_stock'))}`);
  }
  return sql.join(parts, sql` union all `);
}

/** How many products the list has: what the chosen categories have of the facet. */
export const facetedTotal = ({ category_id }: Filters): SQL => sql`(
  select coalesce(sum(p.products), 0)::integer from faceted p where p.facet = ${FACET.category_id} and ${inCategory(category_id)})`;

/** The facets as JSON; needs `facetTables`. */
export const facetsJson = (filters: Filters, language: Language | undefined): SQL => sql`json_build_object(
  'categories', (${categories(filters, language)}),
  'brands', (${brandsJson(filters)}),
  'dietary', (
    select coalesce(json_agg(json_build_object('value', word, 'count', products) order by products desc, place), '[]')
    from (
      select word, place, sum(p.products)::integer as products
      from faceted p
      join unnest(${textArray(DIETARY)}) with ordinality known (word, place) on p.dietary & (1 << (place - 1)::integer) <> 0
      where p.facet = ${FACET.dietary} and p.products > 0 group by 1, 2
    ) labels),
  'price_bands', (
    select coalesce(json_agg(json_build_object('min', low::numeric(12, 2)::text, 'max', high, 'count', products) order by low), '[]')
    from (
      select step.low, step.high, sum(p.products)::integer as products
      from faceted p join (values ${STEPS}) step (low, high, first, last) on p.price_band between step.first and step.last
      where p.facet = ${FACET.price_band} and p.products > 0 group by 1, 2
    ) bands))`;

const STEPS = sql.raw(
  PRICE_STEPS.map((low, index) => {
    const next = PRICE_STEPS[index + 1];
    const high = next === undefined ? MAX_PRICE.toFixed(2) : (next - 0.01).toFixed(2);
    return `(${low}, '${high}', price_band(${low}), price_band(${high}))`;
  }).join(', '),
);

/** Every visible category that has some, with those of its subcategories: what the list shows when it is chosen. */
const categories = ({ category_id }: Filters, language: Language | undefined): SQL => sql`
  with recursive climb as (
    select p.category_id as id, p.products from faceted p
      where p.facet = ${FACET.category_id} and p.products > 0
        ${category_id === undefined ? sql`` : sql`and p.category_id <> all ((select hidden_category_ids())::integer[])`}
    union all
    select c.parent_id, climb.products from climb join categories c on c.id = climb.id where c.parent_id is not null
  )
  select coalesce(json_agg(json_build_object('id', id, 'name', name, 'count', products) order by products desc, name, id), '[]')
  from (
    select c.id, translated(c.name, c.translations, ${language ?? null}, 'name') as name, sum(climb.products)::integer as products
    from climb join categories c on c.id = climb.id group by c.id
  ) counts`;

const brandsJson = ({ brand }: Filters): SQL => sql`
  select coalesce(json_agg(json_build_object('value', name, 'count', products) order by products desc, name), '[]')
  from (
    select b.name, p.products::integer from branded p join brands b on b.id = p.brand_id where p.products > 0
    order by ${brand === undefined ? sql`` : sql`b.id = any (${brandIds(brand)}) desc,`} p.products desc, b.name
    limit ${MAX_BRANDS}
  ) most`;
