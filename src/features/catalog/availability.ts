import { type SQL, sql } from 'drizzle-orm';

/** What a customer can still take from a shelf `i` of `inventory`: on hand less what live holds keep. */
const left = sql`i.on_hand - coalesce((
  select sum(h.quantity) from hold_lines h where h.inventory_id = i.id and h.expires_at > now()), 0)`;

/** Whether a customer can take one of a product: at the branch named, else at any active one. */
export const isInStock = (productId: SQL, branchId?: number): SQL => sql`exists (
  select from inventory i join branches b on b.id = i.branch_id and b.is_active
  where i.product_id = ${productId} and i.on_hand > 0 and ${left} > 0
    ${branchId === undefined ? sql`` : sql`and i.branch_id = ${branchId}`})`;
