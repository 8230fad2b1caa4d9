import { sql } from 'drizzle-orm';
import { guard, intArray, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { isVisible } from '../catalog/product.ts';
import { unreadCount, wishlistLines } from './queries.ts';

const MAX_WISHES = 500;

/** Adds a product; adding it again changes nothing. */
export async function addWish(call: SignedInCall, productId: number) {
  const { userId } = call.user;
  const isThere = sql`exists (select from wishlist_items where user_id = ${userId} and product_id = ${productId})`;
  const [, , added, [item]] = await call.batch([
    guard(sql`exists (select from products p where p.id = ${productId} and ${isVisible})`, 'PRODUCT_NOT_FOUND'),
    guard(
      sql`${isThere} or (select count(*) from wishlist_items where user_id = ${userId}) < ${MAX_WISHES}`,
      'UNPROCESSABLE',
      sql`jsonb_build_object('maximum', ${MAX_WISHES}::int)`,
    ),
    statement(sql`
      insert into wishlist_items (user_id, product_id) values (${userId}, ${productId})
      on conflict do nothing returning product_id`),
    wishlistLines(userId, call.language, productId),
  ]);
  if (!item) throw new Error('Adding to the wishlist returned no row');
  return { item, isNew: added.length > 0 };
}

export async function removeWish(call: SignedInCall, productId: number) {
  const [removed] = await call.batch([
    statement(sql`
      delete from wishlist_items where user_id = ${call.user.userId} and product_id = ${productId}
      returning product_id`),
  ]);
  return { removed: removed.length > 0 };
}

/** Marks the caller's notifications as read: the given ids, or all. */
export async function markRead(call: SignedInCall, ids: readonly number[] | undefined) {
  const { userId } = call.user;
  const [, [unread]] = await call.batch([
    statement(sql`
      update notifications set read_at = now()
      where user_id = ${userId} and read_at is null and ${ids ? sql`id = any (${intArray(ids)})` : sql`true`}`),
    unreadCount(userId),
  ]);
  return { unread_count: unread?.unread_count ?? 0 };
}
