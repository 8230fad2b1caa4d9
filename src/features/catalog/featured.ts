import { type SQL, sql } from 'drizzle-orm';
import { AppError } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { type PriceTime, untilPriceChange } from '../prices/due.ts';
import { chosenCategories, heldOut, inCategory, isListed } from './filters.ts';
import { isBranch, type ProductRow, productsJson, readPlanned } from './product.ts';

interface Featured {
  limit: number;
  branch_id?: number | undefined;
}

/**
 * In stock before sold out, within each on sale first, then newest first. Each group is read in index order, and only for
 * the places that the previous groups have left.
 */
export async function featured(call: Call, { limit, branch_id }: Featured): Promise<ProductRow[]> {
  const inStock = isListed({ in_stock: true, branch_id });
  const kind = (rank: number, condition: SQL, places: SQL) => sql`materialized (
    select p.product_id, ${rank}::integer as rank, p.updated_at from product_search p
    where p.is_active and ${inCategory(undefined)} and ${condition}
    order by p.updated_at desc, p.product_id desc limit ${places})`;
  const left = (...taken: SQL[]) =>
    sql`greatest(${sql.join([sql`${limit}::integer`, ...taken.map((kind) => sql`(select count(*) from ${kind})`)], sql` - `)}, 0)`;
  const found = await readPlanned<PriceTime & { is_branch: boolean; products: ProductRow[] }>(
    call,
    sql`
      with ${chosenCategories(undefined)}, ${heldOut({ in_stock: true, branch_id })},
      reduced as ${kind(1, sql`p.on_sale and ${inStock}`, sql`${limit}::integer`)},
      stocked as ${kind(2, sql`not p.on_sale and ${inStock}`, left(sql`reduced`))},
      reduced_sold_out as ${kind(3, sql`p.on_sale and not (${inStock})`, left(sql`reduced`, sql`stocked`))},
      sold_out as ${kind(4, sql`not p.on_sale and not (${inStock})`, left(sql`reduced`, sql`stocked`, sql`reduced_sold_out`))},
      shown as (
        select * from (
          select * from reduced union all select * from stocked
          union all select * from reduced_sold_out union all select * from sold_out
        ) kinds
        order by rank limit ${limit}
      )
      select ${productsJson(
        sql`array(select product_id from shown order by rank, updated_at desc, product_id desc)`,
        branch_id,
        call.language,
      )} as products, ${untilPriceChange} as until_price_change, ${isBranch(branch_id)} as is_branch`,
  );
  if (!found?.is_branch) throw new AppError('NOT_FOUND');
  call.changesAfter(found.until_price_change);
  return found.products;
}
