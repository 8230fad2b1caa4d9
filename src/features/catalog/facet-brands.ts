import { type SQL, sql } from 'drizzle-orm';
import {
  all,
  bandedPricesOf,
  bandsBeyond,
  bandsWithin,
  dietaryOf,
  FACET,
  type Filters,
  heldRows,
  inCategory,
  isBetween,
  isListed,
  isStocked,
  kindOf,
  likely,
  pricesOf,
  rowsAtEnds,
  rowsBeyondEnds,
  scopeOf,
  without,
} from './filters.ts';

/** The brands of a list without text and promotion, with their numbers; needs `faceted`. */
export function brandsOf(filters: Filters): SQL {
  if (filters.category_id !== undefined) return brandsInCategory(without(filters, 'brand'));
  if (pricesOf(filters).length === 0) return brandedSums(filters);
  return isNarrowed(filters) ? narrowedBrands(filters) : pricedBrands(filters);
}

/** Whether there are filters that the counts by brand and price do not know. */
const isNarrowed = (filters: Filters): boolean => kindOf(filters).length + dietaryOf(filters).length > 0;

/** Read by an index or, when the category has more than a fifth of the products, in order: a plan that is kept does not know how many. */
function brandsInCategory(filters: Filters): SQL {
  const isChosen = inCategory(filters.category_id);
  const isMost = sql`(select coalesce(5 * sum(products) filter (where ${isChosen}) > sum(products), false)
    from category_counts p where p.scope = ${scopeOf({})})`;
  const passes = all([isListed(without(filters, 'min_price', 'max_price'), isStocked), ...bandedPricesOf(filters)]);
  const rows = sql`select p.brand_id, count(*)::integer as products from product_facets p`;
  return brandSums([
    sql`${rows} where not ${isMost} and ${isChosen} and ${likely(passes)} group by 1`,
    sql`${rows} where ${isMost} and ${likely(sql`${isChosen} and ${passes}`)} group by 1`,
  ]);
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
      where p.scope = ${scopeOf(filters)} and ${likely(isWithin)} group by 1`,
    sql`select p.brand_id, count(*)::integer from (${rowsAtEnds(filters)}) p
      where ${isListed(without(filters, 'brand'))} and ${inCategory(undefined)} group by 1`,
    ...notOffered(filters, isWithin),
  ]);
}

/**
 * For a price range together with other filters, no counts are kept: the products in the range are counted by row or, when it has more
 * than half of them, the others are, and taken from the counts without a price.
 */
function narrowedBrands(filters: Filters): SQL {
  const isWide = sql`(select coalesce(2 * sum(products) filter (where ${isBetween(filters)}) > sum(products), false)
    from faceted p where p.facet = ${FACET.price_band})`;
  const kinds = all([...kindOf(filters), ...dietaryOf(filters)]);
  const isCounted = all([kinds, isStocked(filters)]);
  const rows = (sign: SQL, source: SQL, passes: SQL) => sql`
    select p.brand_id, ${sign}count(*)::integer as products from ${source} p where ${passes}`;
  // At the ends of the range each price is looked at; all other bands need no more than their number.
  const inBands = (bands: SQL) => sql`p.price_band = any (${bands}) and ${likely(sql`p.is_active and ${isCounted}`)}`;
  return brandSums([
    sql`select p.brand_id, sum(p.products)::integer as products from brand_counts p
      where ${isWide} and p.scope = ${scopeOf(filters)} and ${kinds} group by 1`,
    sql`${rows(sql`-`, sql`product_facets`, inBands(bandsBeyond(filters)))} and ${isWide} group by 1`,
    sql`${rows(sql`-`, sql`(${rowsBeyondEnds(filters)})`, isCounted)} and ${isWide} group by 1`,
    sql`${rows(sql``, sql`product_facets`, inBands(bandsWithin(filters)))} and not ${isWide} group by 1`,
    sql`${rows(sql``, sql`(${rowsAtEnds(filters)})`, isCounted)} and not ${isWide} group by 1`,
    ...notOffered(filters, all(pricesOf(filters))),
  ]);
}

const brandSums = (parts: SQL[]): SQL => sql`
  select brand_id, sum(products)::integer as products from (${sql.join(parts, sql` union all `)}) parts
  where brand_id is not null group by 1`;

/** What counts by brand include too much: products of hidden categories, which they do not know, and held ones. */
function notOffered(filters: Filters, isCounted: SQL): SQL[] {
  const others = without(filters, 'brand');
  // By category first: there are hardly ever any, and the planner does not know that.
  const hidden = sql`select p.brand_id, -1
    from (select p.* from product_facets p where p.category_id = any ((select categories from chosen)::integer[]) offset 0) p
    where ${isListed(others)} and ${isCounted}`;
  const held = sql`select p.brand_id, -1 from (${heldRows(filters)}) p
    where ${isListed(without(others, 'in_stock'))} and ${isCounted}`;
  return filters.in_stock ? [hidden, held] : [hidden];
}
