import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { lastRows } from '../../db/rows.ts';
import type { Language } from '../../db/schema/words.ts';
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
export const listedProduct = (language: Language | undefined): SQL => sql`json_build_object(
  'name', translated(p.name, p.translations, ${language ?? null}, 'name'), 'price', p.price, 'image_url', p.image_url, 'is_active', ${isVisible}, 'in_stock_anywhere', ${isInStock(sql`p.id`)})`;

/**
 * The rows of these products (an integer array), in that order, with the units available to customers. It reads every inventory
 * row of each product, so pass only the products of one page.
 */
export const shownProducts = (ids: SQL, branchId?: number, language?: Language): SQL =>
  sql`shown_products(${ids}, ${branchId ?? null}::integer, ${language ?? null}::text)`;

/** A guard that the given branch exists, as the first statement of a read; empty without a branch. */
export const branchGuard = (branchId: number | undefined): Statement[] =>
  branchId === undefined
    ? []
    : [guard(sql`exists (select from branches where id = ${branchId} and is_active)`, 'NOT_FOUND')];

/** The rows of the last statement of a read that may begin with guards. */
export const readLast = async <Row>(call: Call, statements: [...Statement[], Statement<Row>]): Promise<Row[]> =>
  lastRows(await call.batch(statements));

export const productById = (call: Call, id: number, branchId: number | undefined): Promise<ProductRow> =>
  productWhere(call, sql`p.id = ${id}`, branchId);

/** By the number of its bar code; leading zeros, which make a longer GTIN of a shorter one, do not count. */
export const productByBarcode = (call: Call, gtin: string, branchId: number | undefined): Promise<ProductRow> =>
  productWhere(call, sql`lpad(p.barcode, 14, '0') = lpad(${gtin}, 14, '0')`, branchId);

async function productWhere(call: Call, condition: SQL, branchId: number | undefined): Promise<ProductRow> {
  const [product] = await readLast<ProductRow & PriceTime>(call, [
    ...branchGuard(branchId),
    statement(sql`
      select *, ${untilPriceChange} as until_price_change from ${shownProducts(sql`array(select p.id from products p where ${condition} and ${isVisible})`, branchId, call.language)}`),
  ]);
  if (!product) throw new AppError('PRODUCT_NOT_FOUND');
  call.changesAfter(product.until_price_change);
  return product;
}
