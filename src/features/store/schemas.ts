import * as z from 'zod';
import { NOTIFICATION_TYPES, PAYMENT_MODES } from '../../db/schema/words.ts';
import { Id, IdText, Instant, limitText, optional, Page } from '../../http/fields.ts';
import { ListedProduct } from '../catalog/schemas.ts';

export const ShippingInfo = z
  .object({
    policies: z.array(
      z.object({ key: z.enum(['delivery', 'pickup', 'returns']), title: z.string(), body: z.string() }),
    ),
  })
  .meta({ id: 'ShippingInfo' });

export const PaymentConfig = z
  .object({
    providers: z.array(
      z.object({
        name: z.string().meta({ example: 'stripe' }),
        publishable_key: z
          .string()
          .nullable()
          .meta({ description: 'Null for a provider that needs none in the client.' }),
      }),
    ),
    payment_mode: z.enum(PAYMENT_MODES),
  })
  .meta({ id: 'PaymentConfig' });

export const WishlistItem = z
  .object({
    product_id: Id,
    created_at: Instant,
    product: ListedProduct,
  })
  .meta({ id: 'WishlistItem' });

export const Wishlist = z.object({ items: z.array(WishlistItem) }).meta({ id: 'Wishlist' });
export const WishlistBody = z.strictObject({ product_id: Id }).meta({ id: 'WishlistBody' });
export const WishlistParams = z.object({ product_id: IdText });
export const Removed = z.object({ removed: z.boolean() }).meta({ id: 'Removed' });

export const NotificationQuery = Page.extend({ limit: limitText(50) });

export const Notifications = z
  .object({
    items: z.array(
      z
        .object({
          id: Id,
          type: z.enum(NOTIFICATION_TYPES),
          title: z.string(),
          body: z.string(),
          order_id: Id.nullable(),
          read_at: Instant.nullable(),
          created_at: Instant,
        })
        .meta({ id: 'Notification' }),
    ),
    unread_count: z.int(),
  })
  .meta({ id: 'Notifications' });

export const ReadBody = z.strictObject({ ids: optional(z.array(Id).max(1000)) }).meta({ id: 'ReadNotificationsBody' });
export const UnreadCount = z.object({ unread_count: z.int() }).meta({ id: 'UnreadCount' });
