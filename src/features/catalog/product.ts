import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { planned } from '../../db/planned.ts';
import type { Language } from '../../db/schema/words.ts';
import { statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { type PriceTime, untilPriceChange } from '../prices/due.ts';
import { isInStock } from './availability.ts';
import { Product } from './schemas.ts';

export type ProductRow = z.input<typeof Product>;

/** On sale to customers: the product is active and so is every category above it. */
export const isVisible = sql`p.is_active and p.category_id <> all ((select hidden_category_ids())::integer[])`;

/** Row `p` as wishlists and shopping lists show it: a JSON object of the shape `ListedProduct`. */
export const listedProduct = (language: Language | undefined): SQL => sql`json_build_object(
  'name', translated(p.name, p.translations, ${language ?? null}, 'name'), 'price', p.price, 'image_url', p.image_url, 'is_active', ${isVisible}, 'in_stock_anywhere', ${isInStock(sql`p.id`)})`;

/**
 * The rows of these products (an integer array), in that order, with the units available to customers. It reads every inventory
 * row of each product, so pass only the products of one page.
 */
export const shownProducts = (ids: SQL, branchId?: number, language?: Language): SQL =>
  sql`shown_products(${ids}, ${branchId ?? null}::integer, ${language ?? null}::text)`;

const COLUMNS = Object.keys(Product.shape);
const columns = sql.raw(COLUMNS.join(', '));
const shownColumns = sql.raw(COLUMNS.map((column) => `shown.${column}`).join(', '));

/** The same as a JSON array of what customers see. */
export const productsJson = (ids: SQL, branchId?: number, language?: Language): SQL => sql`(
  select coalesce(json_agg(product), '[]') from (select ${columns} from ${shownProducts(ids, branchId, language)} order by place) product)`;

/** Whether the given branch exists; true without one. */
export const isBranch = (branchId: number | undefined): SQL =>
  branchId === undefined ? sql`true` : sql`exists (select from branches where id = ${branchId} and is_active)`;

/** Reads one row, of anybody: nothing of it refuses. */
export async function readRow<Row>(call: Call, query: SQL): Promise<Row | undefined> {
  const [row] = await call.database.single(statement<Row>(query));
  return row;
}

/** Reads one row with a plan that is kept. */
export async function readPlanned<Row>(call: Call, query: SQL): Promise<Row | undefined> {
  const [found] = await call.database.single(planned<Row>(query));
  return found?.answer ?? undefined;
}

export const productById = (call: Call, id: number, branchId: number | undefined): Promise<ProductRow> =>
  productWhere(call, sql`p.id = ${id}`, branchId);

/** By the number of its bar code; leading zeros, which make a longer GTIN of a shorter one, do not count. */
export const productByBarcode = (call: Call, gtin: string, branchId: number | undefined): Promise<ProductRow> =>
  productWhere(call, sql`lpad(p.barcode, 14, '0') = lpad(${gtin}, 14, '0')`, branchId);

async function productWhere(call: Call, condition: SQL, branchId: number | undefined): Promise<ProductRow> {
  const found = await readPlanned<PriceTime & { is_branch: boolean; product: ProductRow | null }>(
    call,
    sql`
      select (
          select row_to_json(product) from (
            select ${shownColumns} from products p cross join lateral shown_product(p, p.id, ${branchId ?? null}::integer, ${call.language ?? null}::text) shown
            where ${condition} and ${isVisible}
          ) product
        ) as product, ${untilPriceChange} as until_price_change, ${isBranch(branchId)} as is_branch`,
  );
  if (!found?.is_branch) throw new AppError('NOT_FOUND');
  if (!found.product) throw new AppError('PRODUCT_NOT_FOUND');
  call.changesAfter(found.until_price_change);
  return found.product;
}
