import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { lastRows } from '../../db/rows.ts';
import { guard, type Statement, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { type PriceTime, untilPriceChange } from '../prices/due.ts';
import { isInStock } from './availability.ts';
import type { Product } from './schemas.ts';

export type ProductRow = z.input<typeof Product>;

/** On sale to customers: the product is active and so is every category above it. */
export const isVisible = sql`p.is_active and p.category_id <> all (array(select hidden_categories()))`;

/** Row `p` as wishlists and shopping lists show it: a JSON object of the shape `ListedProduct`. */
export const listedProduct = sql`json_build_object(
  'name', p.name, 'price', p.price, 'image_url', p.image_url, 'is_active', ${isVisible}, 'in_stock_anywhere', ${isInStock(sql`p.id`)})`;

/**
 * The rows of these products (an integer array), in that order, with the units available to customers. It reads every inventory
 * row of each product, so pass only the products of one page.
 */
export const shownProducts = (ids: SQL, branchId?: number): SQL =>
  sql`shown_products(${ids}, ${branchId ?? null}::integer)`;

/** A guard that the given branch exists, as the first statement of a read; empty without a branch. */
export const branchGuard = (branchId: number | undefined): Statement[] =>
  branchId === undefined
    ? []
    : [guard(sql`exists (select from branches where id = ${branchId} and is_active)`, 'NOT_FOUND')];

/** The rows of the last statement of a read that may begin with guards. */
export const readLast = async <Row>(call: Call, statements: [...Statement[], Statement<Row>]): Promise<Row[]> =>
  lastRows(await call.batch(statements));

export async function productById(call: Call, id: number, branchId: number | undefined): Promise<ProductRow> {
  const [product] = await readLast<ProductRow & PriceTime>(call, [
    ...branchGuard(branchId),
    statement(sql`
      select *, ${untilPriceChange} as until_price_change from ${shownProducts(sql`array(select p.id from products p where p.id = ${id} and ${isVisible})`, branchId)}`),
  ]);
  if (!product) throw new AppError('PRODUCT_NOT_FOUND');
  call.changesAfter(product.until_price_change);
  return product;
}
