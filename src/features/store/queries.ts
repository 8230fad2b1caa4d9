import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { Call, SignedInCall } from '../../http/context.ts';
import { type NotificationData, type NotificationType, notificationText } from './notification-text.ts';
import type { WishlistItem } from './schemas.ts';
import { type ShopTerms, shippingPolicies } from './shipping-policies.ts';

type WishlistRow = z.input<typeof WishlistItem>;

/** A product is on sale while it and every category above it are active. */
export const ON_SALE = sql.raw('(p.is_active and p.category_id not in (select hidden_categories()))');

export async function shippingInfo(call: Call) {
  const [[terms]] = await call.batch([
    statement<ShopTerms>(sql`
      select delivery_min, delivery_fee, minimum_order_total, currency,
        to_char(opens_at, 'HH24:MI') as opens_at, to_char(closes_at, 'HH24:MI') as closes_at
      from settings`),
  ]);
  if (!terms) throw new Error('no settings');
  return { policies: shippingPolicies(terms) };
}

/** The caller's wishlist, newest first; with a product, its line alone. */
export const wishlistLines = (userId: number, productId: number | null = null): Statement<WishlistRow> =>
  statement(sql`
    select w.product_id, w.created_at, json_build_object(
      'name', p.name, 'price', p.price, 'image_url', p.image_url, 'is_active', ${ON_SALE},
      'in_stock_anywhere', exists (
        select from inventory i join branches b on b.id = i.branch_id and b.is_active
        where i.product_id = p.id and i.on_hand > (
          select coalesce(sum(h.quantity), 0) from hold_lines h where h.inventory_id = i.id and h.expires_at > now())
      )) as product
    from wishlist_items w join products p on p.id = w.product_id
    where w.user_id = ${userId} and (${productId}::int is null or w.product_id = ${productId}::int)
    order by w.created_at desc, w.product_id desc`);

export async function wishlistOf(call: SignedInCall) {
  const [items] = await call.batch([wishlistLines(call.user.userId)]);
  return { items };
}

interface NotificationRow {
  id: number;
  type: NotificationType;
  data: NotificationData;
  order_id: number | null;
  read_at: string | null;
  created_at: string;
}

export const unreadCount = (userId: number): Statement<{ unread_count: number }> =>
  statement(sql`
    select count(*)::int as unread_count from notifications where user_id = ${userId} and read_at is null`);

export async function notificationsOf(call: SignedInCall, { limit, offset }: { limit: number; offset: number }) {
  const { userId } = call.user;
  const [rows, [unread]] = await call.batch([
    statement<NotificationRow>(sql`
      select id, type, data, order_id, read_at, created_at from notifications
      where user_id = ${userId} order by id desc limit ${limit} offset ${offset}`),
    unreadCount(userId),
  ]);
  const items = rows.map(({ data, ...row }) => ({ ...row, ...notificationText(row.type, data) }));
  return { items, unread_count: unread?.unread_count ?? 0 };
}
