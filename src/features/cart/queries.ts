import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { Cart } from './schemas.ts';

export type CartRow = z.input<typeof Cart>;

/** A cart is open until it is paid for: at most one for each customer. */
const IS_OPEN = sql.raw("status in ('ACTIVE', 'CHECKING_OUT')");

/** The caller's open cart, as it leaves. */
const openCart = (userId: number, deliveryBranchId: number): Statement<CartRow> =>
  statement(sql`select * from open_cart(${userId}::int, ${deliveryBranchId}::int)`);

/** Makes the open cart unless there is one. */
const ensureCart = (userId: number): Statement =>
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
