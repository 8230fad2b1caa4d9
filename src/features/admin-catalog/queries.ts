import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import { holdsText } from '../../db/text.ts';
import type { SignedInCall } from '../../http/context.ts';
import { shownProducts } from '../catalog/product.ts';
import type { AdminCategory, AdminProduct, PRODUCT_ORDERS, ProductFilters } from './schemas.ts';

type CategoryRow = z.input<typeof AdminCategory>;
type ProductRow = z.input<typeof AdminProduct>;

/** A category for administrators; `product_count` includes the active products of all its subcategories. */
export const categoryWhere = (condition: SQL): Statement<CategoryRow> =>
  statement(sql`
    select c.id, c.name, c.icon_slug, c.description, c.parent_id, c.is_active, c.translations, (
      with recursive below as (
        select c.id
        union
        select child.id from categories child join below on child.parent_id = below.id
      )
      select count(*)::int from products p join below on below.id = p.category_id where p.is_active
    ) as product_count
    from categories c where ${condition}`);

export const productWhere = (condition: SQL): Statement<ProductRow> =>
  statement(sql`select * from ${shownProducts(sql`array(select p.id from products p where ${condition})`)}`);

const BY_NAME = sql`p.name, p.id`;
const BY_PRICE = sql`p.price, p.id`;
const BY_CHANGE = sql`p.updated_at desc, p.id desc`;
const ORDERS: Record<(typeof PRODUCT_ORDERS)[number], SQL> = {
  id_desc: sql`p.id desc`,
  name_asc: BY_NAME,
  name_desc: sql`p.name desc, p.id desc`,
  price_asc: BY_PRICE,
  price_desc: sql`p.price desc, p.id desc`,
  updated_at_desc: BY_CHANGE,
  name: BY_NAME,
  price: BY_PRICE,
  date: BY_CHANGE,
};

/** Stock is aggregated for the products of the page only. */
export async function listProducts(call: SignedInCall, filters: z.output<typeof ProductFilters>) {
  const { limit, offset } = filters;
  const order = ORDERS[filters.sort];
  const matching = sql`from products p where ${matchingProducts(filters)}`;
  const [items, [count]] = await call.batch([
    statement<ProductRow>(sql`
      select * from ${shownProducts(sql`array(select p.id ${matching} order by ${order} limit ${limit} offset ${offset})`)}
      order by place`),
    statement<{ total: number }>(sql`select count(*)::int as total ${matching}`),
  ]);
  return { items, total: count?.total ?? 0 };
}

/** Condition on `products p`. */
export function matchingProducts({
  q,
  category_id,
  is_active,
}: Omit<z.output<typeof ProductFilters>, 'limit' | 'offset' | 'sort'>): SQL {
  const conditions = [sql`true`];
  if (q) {
    const places = [sql`p.name_key`, sql`lower(p.sku)`, sql`p.description_key`].map((place) => holdsText(place, q));
    conditions.push(sql`(${sql.join(places, sql` or `)})`);
  }
  if (category_id !== undefined) {
    conditions.push(sql`p.category_id in (
      with recursive below as (
        select ${category_id}::int as id
        union
        select child.id from categories child join below on child.parent_id = below.id
      )
      select id from below)`);
  }
  if (is_active !== undefined) conditions.push(sql`p.is_active = ${is_active}::boolean`);
  return sql.join(conditions, sql` and `);
}
