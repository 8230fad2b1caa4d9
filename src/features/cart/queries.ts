import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { Cart } from './schemas.ts';

export type CartRow = z.input<typeof Cart>;

/** A cart is open until it is paid for: at most one for each customer. */
export const IS_OPEN = sql.raw("status in ('ACTIVE', 'CHECKING_OUT')");

/** What a cart could take of an inventory row `i`: on hand less what live holds of other carts keep. Needs the cart as `c`. */
export const FREE_FOR_CART = sql.raw(`(i.on_hand - coalesce((
  select sum(h.quantity) from hold_lines h
  where h.inventory_id = i.id and h.cart_id <> c.id and h.expires_at > now()), 0))::int`);

/** A product is on sale while it and every category above it are active. Needs the product as `p`. */
export const ON_SALE = sql.raw('(p.is_active and p.category_id not in (select hidden_categories()))');

/** The caller's open cart, as it leaves. */
export const openCart = (userId: number, deliveryBranchId: number): Statement<CartRow> =>
  statement(sql`
    select c.id, c.user_id, coalesce(lines.total, 0)::numeric(14, 2) as total_amount,
      (select min(h.expires_at) from hold_lines h where h.cart_id = c.id and h.expires_at > now()) as reserved_until,
      coalesce(lines.items, '[]') as items
    from carts c
    cross join lateral (
      select sum(p.price * ci.quantity) as total,
        json_agg(json_build_object(
          'id', ci.id, 'product_id', p.id, 'quantity', ci.quantity, 'unit_price', p.price,
          'line_total', p.price * ci.quantity, 'product_name', p.name, 'product_image', p.image_url,
          'sku', p.sku, 'unit', p.unit, 'available_quantity', stock.available,
          'is_available', stock.available >= ci.quantity
        ) order by ci.id) as items
      from cart_items ci
      join products p on p.id = ci.product_id
      left join inventory i on i.product_id = p.id and i.branch_id = ${deliveryBranchId}
      cross join lateral (
        select case when ${ON_SALE} then greatest(coalesce(${FREE_FOR_CART}, 0), 0) else 0 end as available
      ) stock
      where ci.cart_id = c.id
    ) lines
    where c.user_id = ${userId} and c.${IS_OPEN}`);

/** Makes the open cart unless there is one. */
export const ensureCart = (userId: number): Statement =>
  statement(sql`
    insert into carts (user_id)
    select ${userId}::int where not exists (select from carts where user_id = ${userId} and ${IS_OPEN})
    on conflict do nothing`);

export async function readCart(call: SignedInCall): Promise<CartRow> {
  const { userId } = call.user;
  const [, [cart]] = await call.batch([ensureCart(userId), openCart(userId, call.config.deliverySourceBranchId)]);
  if (!cart) throw new Error('no open cart');
  return cart;
}
