import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { plannedRow } from '../../db/planned.ts';
import type { Language } from '../../db/schema/words.ts';
import { AppError } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { type PriceTime, untilPriceChange } from '../prices/due.ts';
import { facetedTotal, facetsJson, facetTables } from './facets.ts';
import {
  all,
  brandOf,
  chosenCategories,
  dietaryOf,
  heldOut,
  inCategory,
  isListed,
  pricesOf,
  promotedProducts,
  totalOf,
  without,
} from './filters.ts';
import { isBranch, type ProductRow, productsJson, readPlanned, readRow } from './product.ts';
import type { CategoryProductsQuery, Facets, ProductQuery, Sort } from './schemas.ts';
import { foundMatches, matches, rankedMatches, rankedPage } from './search.ts';

type Filters = z.output<typeof ProductQuery>;
type FacetCounts = z.input<typeof Facets>;

/** The root collation, which sorts like a dictionary: Äpfel next to apple. */
const BY_NAME = sql`p.title collate "und-x-icu"`;

/** Each matches an index of `product_search`, read forwards or backwards. */
const SORTS = {
  price_asc: [sql`p.price`, 'asc'],
  price_desc: [sql`p.price`, 'desc'],
  name_asc: [BY_NAME, 'asc'],
  name_desc: [BY_NAME, 'desc'],
  updated_at_desc: [sql`p.updated_at`, 'desc'],
  rating_desc: [sql`p.rating`, 'desc'],
} satisfies Record<Exclude<Sort, 'relevance'>, [SQL, Direction]>;
type Direction = 'asc' | 'desc';
const OPPOSITE = { asc: 'desc', desc: 'asc' } as const;

const inOrder = (column: SQL, direction: Direction): SQL =>
  sql`${column} ${sql.raw(direction)}, p.product_id ${sql.raw(direction)}`;

/** A page that ends by then is read with a plan that is kept, made for at most as many rows: the first pages have one of their own. */
const BOUNDS = [64, 512];
/** From this offset on, a page may be read from the end of the list if that is nearer. */
const FAR = 1_000;

interface Listing {
  items: ProductRow[];
  total: number;
  facets?: FacetCounts;
}

/** A page of the products visible to customers, and the total. */
export const listProducts = (call: Call, filters: Filters): Promise<Listing> => readListing(call, filters, sql`true`);

/** The same for a category and its subcategories. @throws AppError 404 when it is unknown or hidden */
export const listCategory = (call: Call, id: number, page: z.output<typeof CategoryProductsQuery>): Promise<Listing> =>
  readListing(call, { ...page, category_id: id }, sql`(select categories <> '{}' from chosen)`);

async function readListing(call: Call, filters: Filters, isKnown: SQL): Promise<Listing> {
  const { q, branch_id } = filters;
  const { tables, page, counts } =
    q === undefined ? browsing(filters, call.language) : searching(filters, q, call.language);
  const read = isCommon(filters) ? readPlanned : readRow;
  const listing = await read<
    Pick<Listing, 'items'> & PriceTime & { counts: Omit<Listing, 'items'>; is_known: boolean }
  >(
    call,
    sql`
      with ${tablesOf(filters)}, ${tables}
      select ${counts} as counts, ${productsJson(page, branch_id, call.language)} as items,
        ${untilPriceChange} as until_price_change, ${isKnown} and ${isBranch(branch_id)} as is_known`,
  );
  if (!listing?.is_known) throw new AppError('NOT_FOUND');
  call.changesAfter(listing.until_price_change);
  return { items: listing.items, ...listing.counts };
}

/** What conditions of filters need. */
const tablesOf = (filters: Filters): SQL =>
  sql`${chosenCategories(filters.category_id)}, ${heldOut(filters)}, ${promotedProducts(filters)}`;

/** Without filters whose values decide which plan is best: these lists are sent often, and their plans are kept. */
const isCommon = (filters: Filters) => (filters.facets && filters.q !== undefined) || isPlain(filters);

const isPlain = ({ limit, offset, min_price, max_price, brand, promotion_id, dietary, without_allergens }: Filters) =>
  boundOf(limit + offset) !== undefined &&
  !(min_price ?? max_price ?? brand ?? promotion_id ?? dietary ?? without_allergens);

const boundOf = (reach: number): number | undefined => BOUNDS.find((bound) => reach <= bound);

interface Source {
  /** Common table expressions. */
  tables: SQL;
  /** The ids of the page, in order. */
  page: SQL;
  /** The total and the facets, as JSON. */
  counts: SQL;
}

const asJson = (total: SQL, facets?: SQL): SQL =>
  sql`json_build_object('total', ${total}${facets ? sql`, 'facets', ${facets}` : sql``})`;

/**
 * Without search text: the page is read in index order, from the nearer end for distant pages, up to its last row; the total
 * comes from the maintained counts.
 */
function browsing(filters: Filters, language: Language | undefined): Source {
  const { sort = 'updated_at_desc', limit, offset } = filters;
  const [column, direction] = SORTS[sort === 'relevance' ? 'updated_at_desc' : sort];
  const order = inOrder(column, direction);
  const { tables, total, counts } = counting(filters, language);
  const reach = limit + offset;
  const fromStart = sql`array(
    select p.product_id from (${listed(filters, order, sql`${reach}`, boundOf(reach))}) p order by ${order} limit ${limit} offset ${offset})`;
  if (offset < FAR) return { tables, page: fromStart, counts };

  const backwards = inOrder(column, OPPOSITE[direction]);
  const fromEnd = sql`array(
    select p.product_id
    from (
      select p.product_id, ${column} from (${listed(filters, backwards, sql`greatest(${total} - ${offset}, 0)`)}) p
      order by ${backwards} limit greatest(least(${total} - ${offset}, ${limit}), 0) offset greatest(${total} - ${offset + limit}, 0)
    ) p
    order by ${order})`;
  const page = sql`case when ${total} > ${2 * offset} then ${fromStart} else ${fromEnd} end`;
  return { tables, page, counts };
}

/** `counted`: the total, and the facets. The plan that counts them is kept even when that of the page depends on values. */
function counting(filters: Filters, language: Language | undefined): Omit<Source, 'page'> & { total: SQL } {
  if (!filters.facets) {
    const total = sql`(select total from counted)`;
    return {
      tables: sql`counted as materialized (select ${totalOf(filters)} as total)`,
      total,
      counts: asJson(total),
    };
  }
  const faceted = facetTables(filters, undefined);
  const counted = sql`select ${facetedTotal(filters)} as total, ${facetsJson(filters, language)} as facets`;
  if (isPlain(filters)) {
    const total = facetedTotal(filters);
    return { tables: faceted, total, counts: asJson(total, facetsJson(filters, language)) };
  }
  const counts = sql`(select counts from counted)`;
  const kept = plannedRow(sql`with ${tablesOf(filters)}, ${faceted} ${counted}`);
  return {
    tables: sql`counted as materialized (select ${kept} as counts)`,
    // Compared with twice the offset, which no integer may hold.
    total: sql`(${counts} ->> 'total')::bigint`,
    counts,
  };
}

/**
 * Rows of `product_search` without search text, up to the needed number `reach`. Each category has its own index range. `bound` is a
 * number that the planner knows and `reach` does not exceed: without one it expects to read a tenth of the rows, and sorts them.
 */
function listed(filters: Filters, order: SQL, reach: SQL, bound?: number): SQL {
  // A brand has few products: an index finds them, whereas the order of the list might have to be read to its end.
  const source =
    filters.brand === undefined
      ? sql`product_search`
      : sql`(select p.* from product_search p where p.is_active and ${sql.join(brandOf(filters))} offset 0)`;
  const rows = sql`select p.* from ${source} p where ${isListed(filters)}`;
  const bounded = (found: SQL) =>
    bound === undefined ? found : sql`select * from (${found} order by ${order} limit ${sql.raw(String(bound))}) p`;
  if (filters.category_id === undefined) return bounded(sql`${rows} and ${inCategory(undefined)}`);
  return sql`select p.* from unnest((select categories from chosen)) category cross join lateral (
    select * from (${bounded(sql`${rows} and p.category_id = category`)}) p order by ${order} limit ${reach}) p`;
}

/** With search text: all matches are read, because they are ranked and counted. */
function searching(filters: Filters, q: string, language: Language | undefined): Source {
  const { sort = 'relevance', limit, offset, category_id } = filters;
  const [column, direction] = sort === 'relevance' ? [undefined] : SORTS[sort];
  const sorting = column && sql`${column} as sorting`;
  const order = column ? inOrder(sql`p.sorting`, direction) : sql`p.rank, p.length, p.title, p.product_id`;
  const pageOf = (rows: SQL) =>
    sql`array(select p.product_id from ${rows} order by ${order} limit ${limit} offset ${offset})`;
  if (!filters.facets) {
    const isFound = sql`${isListed(filters)} and ${inCategory(category_id)}`;
    return sorting
      ? {
          tables: matches(q, sorting, isFound),
          page: pageOf(sql`matches p`),
          counts: asJson(sql`(select count(*) from matches)`),
        }
      : {
          tables: rankedMatches(q, isFound),
          page: rankedPage(limit, offset),
          counts: asJson(sql`(select cardinality(numbers) from ranked)`),
        };
  }
  const isChosen = all([...dietaryOf(filters), ...brandOf(filters), ...pricesOf(filters), inCategory(category_id)]);
  const others = without(filters, 'category_id', 'dietary', 'brand', 'min_price', 'max_price');
  return {
    tables: sql`${foundMatches(q, sorting, isListed(others))}, ${facetTables(filters, sql`found`)}`,
    page: pageOf(sql`found p where ${isChosen}`),
    counts: asJson(facetedTotal(filters), facetsJson(filters, language)),
  };
}
