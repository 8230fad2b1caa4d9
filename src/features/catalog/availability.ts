import { type SQL, sql } from 'drizzle-orm';

/** What a customer can still take from a shelf `i` of `inventory`: on hand less what live holds keep. */
const left = sql`i.on_hand - coalesce((
  select sum(h.quantity) from hold_lines h where h.inventory_id = i.id and h.expires_at > now()), 0)`;

/**
 * A lateral join that adds `stock.total` (all active branches) and `stock.at_branch` (the one named, else null) to a
 * row with a product id. Write it behind the rows of a page, never before: it looks at every shelf of each product.
 */
export const stockOf = (productId: SQL, branchId?: number): SQL => sql`
  cross join lateral (
    select coalesce(sum(shelf.free), 0)::integer as total,
      ${branchId === undefined ? sql`null::integer` : sql`coalesce(sum(shelf.free) filter (where shelf.branch_id = ${branchId}), 0)::integer`} as at_branch
    from (
      select i.branch_id, greatest(${left}, 0) as free
      from inventory i join branches b on b.id = i.branch_id and b.is_active
      where i.product_id = ${productId}
    ) shelf
  ) stock`;

/** Whether a customer can take one of a product: at the branch named, else at any active one. */
export const isInStock = (productId: SQL, branchId?: number): SQL => sql`exists (
  select from inventory i join branches b on b.id = i.branch_id and b.is_active
  where i.product_id = ${productId} and i.on_hand > 0 and ${left} > 0
    ${branchId === undefined ? sql`` : sql`and i.branch_id = ${branchId}`})`;
