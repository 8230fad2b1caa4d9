import { type SQL, sql } from 'drizzle-orm';

const TEXTS = ['name', 'sku', 'brand', 'description', 'translated_texts'] as const;

/** Whether a product has a text without words, such as "--", as it was typed; all of its signs it has. */
const literally = (q: string): SQL => sql`
  case when (select is_literal from wanted) then (
    select position(${q} in concat_ws(' ', ${sql.raw(TEXTS.join(', '))})) > 0 from products where id = p.product_id) else true end`;

/** Read once, not for each row. */
export const reading = (place: 1 | 2 | 3 | 4 | 5 | 6): SQL =>
  sql`(select readings[${sql.raw(`${place}`)}] from wanted)`;

/** 0 for an exact name or SKU, then in the order of `search_readings`. */
const rank = (q: string): SQL => {
  const text = q.toLowerCase();
  return sql`
    case
      when p.title = ${text} or p.sku = ${text} then 0
      when p.document @@ ${reading(1)} then 1
      when p.document @@ ${reading(2)} then 2
      when p.document @@ ${reading(3)} then 3
      when p.document @@ ${reading(4)} then 4
      when p.document @@ ${reading(5)} then 5
      else 6
    end`;
};

/**
 * The columns by which a list is sorted, by default as `rankedPage` is. The title last: what stands behind a text takes longer to reach.
 */
const sortedBy = (q: string, column: SQL | undefined): SQL =>
  column ?? sql`${rank(q)} as rank, p.title_length as length, p.title`;

/** Rows of `product_search` that match a text and a condition; needs `wanted`. */
const matching = (q: string, columns: SQL, isListed: SQL): SQL => sql`
  select ${columns}
  from product_search p where p.document @@ ${reading(6)} and ${isListed} ${[...q].length === 1 ? sql`` : sql`and ${literally(q)}`}`;

/** A text without a word, such as "%", is looked for by its signs, and as it stands. */
const wanted = (q: string): SQL => sql`wanted as materialized (
  select coalesce(words, sign_readings(${q})) as readings, words is null as is_literal from search_readings(${q}) words)`;

/** `matches`: the listed rows of `product_search` that match a text, with the column they are sorted by. */
export const matches = (q: string, column: SQL, isListed: SQL): SQL =>
  sql`${wanted(q)}, matches as materialized (${matching(q, sql`p.product_id, ${column}`, isListed)})`;

/** More than the length of any name. */
const LENGTHS = sql.raw('100000');
/** Bits of the id. */
const ID = sql.raw('31');

/**
 * `ranked`: all of them as sorted numbers, of `rank`, the length of the name and the id. PostgreSQL sorts numbers in a fraction of the time
 * that rows take; only of those that may be on the page is the name read.
 */
export const rankedMatches = (q: string, isListed: SQL): SQL => {
  const number = sql`((${rank(q)} * ${LENGTHS} + p.title_length)::bigint << ${ID}) | p.product_id`;
  return sql`${wanted(q)}, ranked as materialized (select array(${matching(q, number, isListed)} order by 1) as numbers)`;
};

/**
 * The ids of a page of `ranked`: the shorter name is the more basic product, "Milk 3%" before "Coconut Milk for Cooking". Names are read
 * from the group (of one rank and length) in which the page begins, which has `before` others before it, to the end of that in which it ends.
 */
export const rankedPage = (limit: number, offset: number): SQL => {
  // The places of a far page may be more than an integer holds.
  const groupAt = (place: number) =>
    sql`(numbers[least(${place}::bigint, cardinality(numbers) + 1)::integer] >> ${ID})`;
  return sql`array(
    with near as materialized (
      select numbers, width_bucket(${groupAt(offset + 1)} << ${ID}, numbers) as before,
        coalesce(width_bucket((${groupAt(limit + offset)} + 1) << ${ID}, numbers), cardinality(numbers)) as up_to
      from ranked
    )
    select p.product_id from near cross join unnest(numbers[before + 1 : up_to]) number
      join product_search p on p.product_id = (number & ((1::bigint << ${ID}) - 1))::integer
    order by number >> ${ID}, p.title, p.product_id limit ${limit} offset ${offset} - (select before from near))`;
};

const FACETED = sql.raw('p.product_id, p.category_id, p.brand_id, p.dietary, p.price, p.price_band');

/**
 * The same for a list with facets, from one search: `found` has all that match the text and the filters that no facet is about, for the
 * page and the facets, which filter it in their own ways.
 */
export const foundMatches = (q: string, column: SQL | undefined, isListed: SQL): SQL =>
  sql`${wanted(q)}, found as materialized (${matching(q, sql`${FACETED}, ${sortedBy(q, column)}`, isListed)})`;
