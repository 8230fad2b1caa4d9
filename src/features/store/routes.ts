import { CUSTOMERS, feature, protectedRoute, publicRoute, Reply, SIGNED_IN } from '../../http/route.ts';
import { addWish, markRead, removeWish } from './commands.ts';
import { notificationsOf, shippingInfo, wishlistOf } from './queries.ts';
import * as schemas from './schemas.ts';

export const store = feature('/store', 'Store', [
  publicRoute(
    {
      method: 'get',
      path: '/shipping-info',
      summary: 'Delivery, pickup and refund policies',
      description: 'Worded with the amounts and hours of the present settings.',
      returns: schemas.ShippingInfo,
      cacheSeconds: 60,
      dependsOn: ['settings'],
    },
    shippingInfo,
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '/wishlist',
      summary: 'The wishlist of the caller',
      description:
        'Newest first. A product that is no longer on sale stays listed with `is_active` false. `in_stock_anywhere` ' +
        'does not count what other customers in checkout hold.',
      returns: schemas.Wishlist,
    },
    wishlistOf,
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/wishlist',
      summary: 'Put a product on the wishlist',
      description: '201 when it is new there, 200 when it was there already. A wishlist holds at most 500 products.',
      body: schemas.WishlistBody,
      returns: schemas.WishlistItem,
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
      summary: 'Take a product off the wishlist',
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
        'Newest first, the latest 50 unless `limit` and `offset` say otherwise. `unread_count` counts all of them. ' +
        "One is written for every change of an order's status, every refund, every replaced item, and every review of a " +
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
      description: 'All of them when `ids` is absent; ids that are not of the caller are ignored.',
      body: schemas.ReadBody,
      bodyOptional: true,
      returns: schemas.UnreadCount,
    },
    (call, { body }) => markRead(call, body.ids),
  ),
]);
