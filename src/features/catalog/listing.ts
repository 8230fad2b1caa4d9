import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { Call } from '../../http/context.ts';
import { hasConditions, heldOut, isListed, totalOf } from './filters.ts';
import { branchGuard, type ProductRow, readLast, shownProducts } from './product.ts';
import type { CategoryProductsQuery, ProductQuery, Sort } from './schemas.ts';
import { matches } from './search.ts';

type Filters = z.output<typeof ProductQuery>;

/** Each is the order of an index of `product_search`, forwards or backwards. */
const ORDERS: Record<Exclude<Sort, 'relevance'>, SQL> = {
  price_asc: sql`p.price, p.product_id`,
  price_desc: sql`p.price desc, p.product_id desc`,
  name_asc: sql`p.title, p.product_id`,
  name_desc: sql`p.title desc, p.product_id desc`,
  updated_at_desc: sql`p.updated_at desc, p.product_id desc`,
  rating_desc: sql`p.rating desc, p.product_id desc`,
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
  const page = sql`array(select p.product_id from found p order by ${order} limit ${limit} offset ${offset})`;
  const [listing] = await readLast<Listing>(call, [
    ...guards,
    statement(sql`
      with ${found}
      select (${total})::integer as total, coalesce((
        select json_agg(items order by place) from ${shownProducts(page, branch_id)} items), '[]') as items`),
  ]);
  return listing ?? { items: [], total: 0 };
}

interface Source {
  /** Common table expressions, the last of which is `found`. */
  found: SQL;
  order: SQL;
  total: SQL;
}

/** Without words: the page is read in the order of an index, no further than it goes; the total is known from counts. */
function browsing(filters: Filters): Source {
  const { sort = 'updated_at_desc', category_id, limit, offset } = filters;
  const order = ORDERS[sort === 'relevance' ? 'updated_at_desc' : sort];
  const rows = sql`select p.* from product_search p where ${isListed(filters)}`;
  // Each category below the one asked for has its own index range: read as much of each as could be on the page.
  const found =
    category_id === undefined
      ? sql`found as not materialized (${rows} and p.category_id <> all (array(select hidden_categories())))`
      : sql`found as not materialized (
          select p.* from visible_categories(${category_id}) category cross join lateral (
            ${rows} and p.category_id = category order by ${order} limit ${limit + offset}) p)`;
  return { found: sql`${heldOut(filters)}, ${found}`, order, total: totalOf(filters) };
}

/** With words: all that matches is looked at, for it is ranked and counted. */
function searching(filters: Filters, q: string): Source {
  const { sort = 'relevance', category_id } = filters;
  const narrowed = hasConditions(filters) ? sql`where ${isListed(filters)}` : sql``;
  return {
    found: sql`${heldOut(filters)}, ${matches(q, category_id)}, found as materialized (
      select p.* from matches p ${narrowed})`,
    // Of equal matches the shorter name is the plainer product: "Milk 3%" before "Coconut Milk for Cooking".
    order: sort === 'relevance' ? sql`p.rank, length(p.title), p.title, p.product_id` : ORDERS[sort],
    total: sql`select count(*) from found`,
  };
}
