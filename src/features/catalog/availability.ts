import { type SQL, sql } from 'drizzle-orm';

/** Whether a customer can buy at least one unit: at the given branch, else at any active one. */
export const isInStock = (productId: SQL, branchId?: number): SQL => sql`exists (
  select from inventory i join branches b on b.id = i.branch_id and b.is_active
  cross join lateral stock_of(i.id, i.on_hand) stock
  where i.product_id = ${productId} and i.on_hand > 0 and stock.free > 0
    ${branchId === undefined ? sql`` : sql`and i.branch_id = ${branchId}`})`;
