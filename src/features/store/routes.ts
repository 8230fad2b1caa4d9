import { InLanguage } from '../../http/language.ts';
import { CUSTOMERS, feature, protectedRoute, publicRoute, Reply, SIGNED_IN } from '../../http/route.ts';
import { addWish, markRead, removeWish } from './commands.ts';
import { notificationsOf, paymentConfig, shippingInfo, wishlistOf } from './queries.ts';
import * as schemas from './schemas.ts';

export const store = feature('/store', 'Store', [
  publicRoute(
    {
      method: 'get',
      path: '/shipping-info',
      summary: 'Delivery, pickup and refund policies',
      description: 'With the amounts and hours of the current settings.',
      query: InLanguage,
      returns: schemas.ShippingInfo,
      cacheSeconds: 60,
      translated: true,
      dependsOn: ['settings'],
    },
    shippingInfo,
  ),
  publicRoute(
    {
      method: 'get',
      path: '/payment-config',
      summary: 'How customers can pay',
      description:
        'The providers of this deployment, with the key that a client needs to talk to one, and the present mode.',
      returns: schemas.PaymentConfig,
      cacheSeconds: 10,
      dependsOn: ['settings'],
    },
    paymentConfig,
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '/wishlist',
      summary: 'The wishlist of the caller',
      description:
        'Newest first. A product that is no longer on sale stays listed with `is_active: false`. `in_stock_anywhere` ' +
        'does not count stock held by other customers in checkout.',
      query: InLanguage,
      returns: schemas.Wishlist,
      translated: true,
    },
    wishlistOf,
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/wishlist',
      summary: 'Add a product to the wishlist',
      description: '201 when it was added, 200 when it was already there. A wishlist can have at most 500 products.',
      body: schemas.WishlistBody,
      query: InLanguage,
      returns: schemas.WishlistItem,
      translated: true,
      status: 201,
      alsoStatus: [200],
      errors: ['PRODUCT_NOT_FOUND', 'UNPROCESSABLE'],
    },
    async (call, { body }) => {
      const { item, isNew } = await addWish(call, body.product_id);
      return new Reply(item, { status: isNew ? 201 : 200 });
    },
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'delete',
      path: '/wishlist/{product_id}',
      summary: 'Remove a product from the wishlist',
      description: '`removed` is false when it was not there.',
      params: schemas.WishlistParams,
      returns: schemas.Removed,
    },
    (call, { params }) => removeWish(call, params.product_id),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'get',
      path: '/notifications',
      summary: 'Notifications of the caller',
      description:
        'Newest first; `limit` is 50 by default. `unread_count` counts all unread notifications. ' +
        "A notification is created for every change of an order's status, every refund, every replaced item, and every review of a " +
        'stock request.',
      query: schemas.NotificationQuery,
      returns: schemas.Notifications,
    },
    (call, { query }) => notificationsOf(call, query),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'post',
      path: '/notifications/read',
      summary: 'Mark notifications as read',
      description: 'All of them without `ids`; ids of other users are ignored.',
      body: schemas.ReadBody,
      bodyOptional: true,
      returns: schemas.UnreadCount,
    },
    (call, { body }) => markRead(call, body.ids),
  ),
]);
