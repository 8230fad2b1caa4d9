import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Language, NotificationType } from '../../db/schema/words.ts';
import { type Statement, statement } from '../../db/statement.ts';
import type { Call, SignedInCall } from '../../http/context.ts';
import { type PaymentMode, providerFor } from '../../payments/index.ts';
import { listedProduct } from '../catalog/product.ts';
import { pricesAreCurrent } from '../prices/due.ts';
import { type NotificationData, notificationText } from './notification-text.ts';
import type { WishlistItem } from './schemas.ts';
import { type ShopTerms, shippingPolicies } from './shipping-policies.ts';

type WishlistRow = z.input<typeof WishlistItem>;

export async function shippingInfo(call: Call) {
  const [[terms]] = await call.batch([
    statement<ShopTerms>(sql`
      select delivery_min, delivery_fee, minimum_order_total, currency,
        to_char(opens_at, 'HH24:MI') as opens_at, to_char(closes_at, 'HH24:MI') as closes_at
      from settings`),
  ]);
  if (!terms) throw new Error('There is no settings row');
  return { policies: shippingPolicies(terms, call.language) };
}

export async function paymentConfig(call: Call) {
  const [[settings]] = await call.batch([
    statement<{ payment_mode: PaymentMode }>(sql`select payment_mode from settings`),
  ]);
  if (!settings) throw new Error('no settings');
  const providers = call.config.paymentProviders.map((name) => ({
    name,
    publishable_key: providerFor(name, call.config).vault?.publishableKey ?? null,
  }));
  return { providers, payment_mode: settings.payment_mode };
}

/** The caller's wishlist, newest first; with a product id, only that entry. */
export const wishlistLines = (
  userId: number,
  language: Language | undefined,
  productId: number | null = null,
): Statement<WishlistRow> =>
  statement(sql`
    select w.product_id, w.created_at, ${listedProduct(language)} as product
    from wishlist_items w join products p on p.id = w.product_id
    where ${pricesAreCurrent} and w.user_id = ${userId} and (${productId}::int is null or w.product_id = ${productId}::int)
    order by w.created_at desc, w.product_id desc`);

export async function wishlistOf(call: SignedInCall) {
  const [items] = await call.batch([wishlistLines(call.user.userId, call.language)]);
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
  statement(sql`select unread_of(${userId}) as unread_count`);

/** A page of a user's notifications, newest first, and how many are unread. */
export const notificationsPage = (
  userId: number,
  { limit, offset }: { limit: number; offset: number },
): [Statement<NotificationRow>, Statement<{ unread_count: number }>] => [
  statement(sql`
    select id, type, data, order_id, read_at, created_at from notifications_of(${userId}, ${limit}, ${offset})`),
  unreadCount(userId),
];

export async function notificationsOf(call: SignedInCall, page: { limit: number; offset: number }) {
  const [rows, [unread]] = await call.batch(notificationsPage(call.user.userId, page));
  const items = rows.map(({ data, ...row }) => ({ ...row, ...notificationText(row.type, data) }));
  return { items, unread_count: unread?.unread_count ?? 0 };
}
