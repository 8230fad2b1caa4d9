import { type SQL, sql } from 'drizzle-orm';

const TEXTS = ['name', 'sku', 'brand', 'description', 'translated_texts'] as const;

/** A text without white space lies within one column: looking into each costs less than joining them. */
const literally = (q: string): SQL => sql`
  select id from products
  where (select readings from wanted) is null and (${
    /\s/.test(q)
      ? sql`position(${q} in concat_ws(' ', ${sql.raw(TEXTS.join(', '))})) > 0`
      : sql.join(
          TEXTS.map((text) => sql`position(${q} in ${sql.raw(text)}) > 0`),
          sql` or `,
        )
  })`;

/** The columns by which a list is sorted: by default `title` and `rank` (0 for an exact name or SKU, then in the order of `search_readings`). */
const sortedBy = (q: string, column: SQL | undefined): SQL => {
  if (column) return column;
  const text = q.toLowerCase();
  return sql`p.title,
    case
      when p.title = ${text} or p.sku = ${text} then 0
      when p.document @@ wanted.readings[1] then 1
      when p.document @@ wanted.readings[2] then 2
      when p.document @@ wanted.readings[3] then 3
      when p.document @@ wanted.readings[4] then 4
      when p.document @@ wanted.readings[5] then 5
      else 6
    end as rank`;
};

/**
 * Rows of `product_search` that match a text and a condition; needs `wanted`. A text without a word, such as "%", is matched literally:
 * no index contains such characters, so all products are scanned.
 */
const matching = (q: string, columns: SQL, column: SQL | undefined, isListed: SQL): SQL => sql`
  select ${columns}, ${sortedBy(q, column)}
  from wanted join product_search p on p.document @@ wanted.readings[6]
  where ${isListed}
  union all
  select ${columns}, ${column ?? sql`p.title, 1`}
  from product_search p
  where (select readings from wanted) is null and ${isListed} and p.product_id in (${literally(q)})`;

const wanted = (q: string): SQL => sql`wanted as materialized (select search_readings(${q}) as readings)`;

/** `matches`: the listed rows of `product_search` that match a text, with the columns they are sorted by. */
export const matches = (q: string, column: SQL | undefined, isListed: SQL): SQL =>
  sql`${wanted(q)}, matches as materialized (${matching(q, sql`p.product_id`, column, isListed)})`;

const FACETED = sql.raw('p.product_id, p.category_id, p.brand_id, p.dietary, p.price, p.price_band');

/**
 * The same for a list with facets, from one search: `found` has all that match the text and the filters that no facet is about, for the
 * facets, which filter it in their own ways. `isChosen` is a condition of those filters on a row of it.
 */
export const foundMatches = (q: string, column: SQL | undefined, isListed: SQL, isChosen: SQL): SQL => {
  return sql`${wanted(q)},
    found as materialized (${matching(q, FACETED, column, isListed)}),
    matches as materialized (select p.product_id, ${column ? sql`p.sorting` : sql`p.title, p.rank`} from found p where ${isChosen})`;
};
