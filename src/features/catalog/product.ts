import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, type Statement, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { isInStock, stockOf } from './availability.ts';
import type { Product } from './schemas.ts';

export type ProductRow = z.input<typeof Product>;

/** On sale to customers: the product is active and so is every category above it. */
export const isVisible = sql`p.is_active and p.category_id <> all (array(select hidden_categories()))`;

export const isOnSale = sql`(p.old_price > p.price)`;

/** The columns of a product `p` behind `stockOf`. */
export const productColumns = (branchId: number | undefined): SQL => sql`
  p.id, p.name, p.sku, p.price, p.old_price, p.unit, p.nutritional_info, p.is_organic, p.bin_location, p.image_url,
  p.description, p.category_id, p.is_active, p.rating_average::float8, p.rating_count,
  stock.total > 0 as in_stock_anywhere, stock.total as available_quantity,
  ${branchId === undefined ? sql`null::boolean` : sql`stock.at_branch > 0`} as in_stock_for_branch,
  stock.at_branch as branch_available_quantity`;

/** A branch that is named must be there; the first statement of a read, or none. */
export const branchGuard = (branchId: number | undefined): Statement[] =>
  branchId === undefined
    ? []
    : [guard(sql`exists (select from branches where id = ${branchId} and is_active)`, 'NOT_FOUND')];

/** The rows of a read that may begin with guards: those of its last statement. */
export async function readLast<Row>(call: Call, statements: readonly Statement[]): Promise<Row[]> {
  const results = await call.batch(statements);
  return (results.at(-1) ?? []) as Row[];
}

export async function productById(call: Call, id: number, branchId: number | undefined): Promise<ProductRow> {
  const [product] = await readLast<ProductRow>(call, [
    ...branchGuard(branchId),
    statement(sql`
      select ${productColumns(branchId)} from products p ${stockOf(sql`p.id`, branchId)}
      where p.id = ${id} and ${isVisible}`),
  ]);
  if (!product) throw new AppError('PRODUCT_NOT_FOUND');
  return product;
}

interface Featured {
  limit: number;
  branch_id?: number | undefined;
}

/**
 * In stock before sold out, and on sale before not, the newest first of each. A kind is read in the order of an index,
 * and only for the places that those before it have left.
 */
export function featured(call: Call, { limit, branch_id }: Featured): Promise<ProductRow[]> {
  const inStock = isInStock(sql`p.id`, branch_id);
  const kind = (rank: number, condition: SQL, places: SQL) => sql`materialized (
    select p.id, ${rank}::integer as rank, p.updated_at from products p
    where ${isVisible} and ${condition} order by p.updated_at desc nulls last, p.id desc nulls last limit ${places})`;
  const left = (taken: SQL) => sql`greatest(${limit}::integer - (select count(*) from (${taken}) taken), 0)`;
  const two = sql`select from reduced union all select from stocked`;
  return readLast<ProductRow>(call, [
    ...branchGuard(branch_id),
    statement(sql`
      with reduced as ${kind(1, sql`${isOnSale} and ${inStock}`, sql`${limit}::integer`)},
      stocked as ${kind(2, sql`${isOnSale} is not true and ${inStock}`, left(sql`select from reduced`))},
      reduced_sold_out as ${kind(3, sql`${isOnSale} and not ${inStock}`, left(two))},
      sold_out as ${kind(4, sql`${isOnSale} is not true and not ${inStock}`, left(sql`${two} union all select from reduced_sold_out`))},
      chosen as (
        select * from reduced union all select * from stocked
        union all select * from reduced_sold_out union all select * from sold_out
      )
      select ${productColumns(branch_id)}
      from chosen join products p on p.id = chosen.id ${stockOf(sql`p.id`, branch_id)}
      order by chosen.rank, chosen.updated_at desc, chosen.id desc`),
  ]);
}
