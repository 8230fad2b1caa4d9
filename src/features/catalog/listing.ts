import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { Call } from '../../http/context.ts';
import { isInStock, stockOf } from './availability.ts';
import { branchGuard, isOnSale, type ProductRow, productColumns, readLast } from './product.ts';
import type { CategoryProductsQuery, ProductQuery, Sort } from './schemas.ts';

type Filters = z.output<typeof ProductQuery>;

// "nulls last" as in the indexes, although there are none to place.
const ORDERS: Record<Sort, SQL> = {
  relevance: sql`p.updated_at desc nulls last, p.id desc nulls last`,
  price_asc: sql`p.price, p.id`,
  price_desc: sql`p.price desc, p.id desc`,
  name_asc: sql`lower(p.name), p.id`,
  name_desc: sql`lower(p.name) desc, p.id desc`,
  updated_at_desc: sql`p.updated_at desc nulls last, p.id desc nulls last`,
  rating_desc: sql`p.rating_average desc nulls last, p.id desc nulls last`,
};

interface Listing {
  items: ProductRow[];
  total: number;
}

/** A page of the products that customers see, and how many there are. */
export const listProducts = (call: Call, filters: Filters): Promise<Listing> =>
  readListing(call, filters, branchGuard(filters.branch_id));

/** The same for a category and all below it. @throws AppError 404 when it is absent or hidden */
export function listCategory(call: Call, id: number, page: z.output<typeof CategoryProductsQuery>): Promise<Listing> {
  const isShown = sql`exists (select from visible_categories(${id}))`;
  return readListing(call, { ...page, category_id: id }, [guard(isShown, 'NOT_FOUND'), ...branchGuard(page.branch_id)]);
}

async function readListing(call: Call, filters: Filters, guards: Statement[]): Promise<Listing> {
  const { q, limit, offset, branch_id } = filters;
  const { found, order, total } = q === undefined ? browsing(filters) : searching(filters, q);
  const [listing] = await readLast<Listing>(call, [
    ...guards,
    statement(sql`
      with ${found}, page as (
        select p.id, row_number() over (order by ${order}) as place
        from found p order by ${order} limit ${limit} offset ${offset}
      ), items as (
        select ${productColumns(branch_id)}, page.place
        from page join products p on p.id = page.id ${stockOf(sql`p.id`, branch_id)}
      )
      select (${total})::integer as total,
        coalesce((select json_agg(items order by place) from items), '[]') as items`),
  ]);
  return listing ?? { items: [], total: 0 };
}

interface Source {
  /** Common table expressions, the last of which is `found`. */
  found: SQL;
  order: SQL;
  total: SQL;
}

/** Without words: `found` is read in the order of an index, as far as the page goes. */
function browsing(filters: Filters): Source {
  const conditions = conditionsOf(filters);
  const inCategory = categoryOf(filters.category_id);
  return {
    found: sql`found as not materialized (
      select p.* from products p where p.is_active and ${inCategory} and ${all(conditions)})`,
    order: ORDERS[filters.sort ?? 'updated_at_desc'],
    total: isCounted(filters)
      ? sql`select coalesce(sum(p.products), 0) from product_counts p where ${inCategory}
          and ${filters.organic_only ? sql`p.is_organic` : sql`true`} and ${filters.on_sale ? sql`p.on_sale` : sql`true`}`
      : sql`select count(*) from found`,
  };
}

/** With words: `found` is all that matches, with how closely it does. */
function searching(filters: Filters, q: string): Source {
  const { sort = 'relevance' } = filters;
  const conditions = conditionsOf(filters);
  const needsProduct = conditions.length > 0 || sort !== 'relevance';
  const relevance = sql`p.rank, p.title, p.id`;
  return {
    found: sql`${matches(q, categoryOf(filters.category_id))}, found as materialized (
      ${
        needsProduct
          ? sql`select p.*, m.rank, m.title from matches m join products p on p.id = m.id where ${all(conditions)}`
          : sql`select m.id, m.rank, m.title from matches m`
      })`,
    order: sort === 'relevance' ? relevance : ORDERS[sort],
    total: sql`select count(*) from found`,
  };
}

/**
 * `matches(id, title, rank)`: what a text finds, rank 0 for the very name or SKU, then by `search_readings`.
 * A text without a word in it, such as "%", is looked for as it stands.
 */
export function matches(q: string, inCategory: SQL): SQL {
  const text = q.toLowerCase();
  const isWhole = sql`p.title = ${text} or p.sku = ${text}`;
  const readings = [1, 2, 3, 4, 5].map(
    (reading) => sql`when p.document @@ wanted.readings[${sql.raw(String(reading))}] then ${sql.raw(String(reading))}`,
  );
  return sql`wanted as materialized (select search_readings(${q}) as readings),
    matches as materialized (
      select p.product_id as id, p.title, case when ${isWhole} then 0 ${sql.join(readings, sql` `)} else 6 end as rank
      from wanted join product_search p on p.document @@ wanted.readings[6]
      where ${inCategory}
      union all
      select p.id, lower(p.name), 1
      from products p
      where (select readings from wanted) is null and p.is_active and ${inCategory}
        and position(${text} in lower(concat_ws(' ', p.name, p.sku, p.description))) > 0
    )`;
}

const all = (conditions: SQL[]): SQL => (conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `));

export const categoryOf = (categoryId: number | undefined): SQL =>
  categoryId === undefined
    ? sql`p.category_id <> all (array(select hidden_categories()))`
    : sql`p.category_id = any (array(select visible_categories(${categoryId})))`;

const conditionsOf = (filters: Filters): SQL[] => [
  ...(filters.min_price === undefined ? [] : [sql`p.price >= ${filters.min_price}::numeric`]),
  ...(filters.max_price === undefined ? [] : [sql`p.price <= ${filters.max_price}::numeric`]),
  ...(filters.organic_only ? [sql`p.is_organic`] : []),
  ...(filters.on_sale ? [isOnSale] : []),
  ...(filters.in_stock ? [isInStock(sql`p.id`, filters.branch_id)] : []),
];

/** Whether the counts kept with the categories tell the total. */
const isCounted = ({ min_price, max_price, in_stock }: Filters): boolean =>
  min_price === undefined && max_price === undefined && !in_stock;
