import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, type Statement, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { stockOf } from './availability.ts';
import type { Product } from './schemas.ts';

export type ProductRow = z.input<typeof Product>;

/** On sale to customers: the product is active and so is every category above it. */
export const isVisible = sql`p.is_active and p.category_id <> all (array(select hidden_categories()))`;

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
