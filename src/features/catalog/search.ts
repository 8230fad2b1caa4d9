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

/**
 * `matches`: the listed rows of `product_search` that match a text, with the columns they are sorted by: one column, or by
 * default `title` and `rank` (0 for an exact name or SKU, then in the order of `search_readings`).
 * A text without a word, such as "%", is matched literally: no index contains such characters, so all products are scanned.
 */
export function matches(q: string, column: SQL | undefined, isListed: SQL): SQL {
  const text = q.toLowerCase();
  const rank = sql`
    case
      when p.title = ${text} or p.sku = ${text} then 0
      when p.document @@ wanted.readings[1] then 1
      when p.document @@ wanted.readings[2] then 2
      when p.document @@ wanted.readings[3] then 3
      when p.document @@ wanted.readings[4] then 4
      when p.document @@ wanted.readings[5] then 5
      else 6
    end as rank`;
  return sql`wanted as materialized (select search_readings(${q}) as readings),
    matches as materialized (
      select p.product_id, ${column ?? sql`p.title, ${rank}`}
      from wanted join product_search p on p.document @@ wanted.readings[6]
      where ${isListed}
      union all
      select p.product_id, ${column ?? sql`p.title, 1`}
      from product_search p
      where (select readings from wanted) is null and ${isListed}
        and p.product_id in (${literally(q)})
    )`;
}

const FACETED = sql.raw('p.category_id, p.brand_id, p.dietary, p.price, p.price_band');

/** `found`: all rows of `product_search` that match the text of `matches`, for the facets, which filter them in their own ways. */
export const foundRows = (q: string, isListed: SQL): SQL => sql`
  found as materialized (
    select ${FACETED} from wanted join product_search p on p.document @@ wanted.readings[6] where ${isListed}
    union all
    select ${FACETED} from product_search p
    where (select readings from wanted) is null and ${isListed} and p.product_id in (${literally(q)}))`;
