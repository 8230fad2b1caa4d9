import { IdParams } from '../../http/fields.ts';
import { CUSTOMERS, feature, protectedRoute } from '../../http/route.ts';
import { cancelOwnOrder } from './commands.ts';
import { ownOrder, ownOrders } from './queries.ts';
import { CanceledOrder, Order, OrdersQuery } from './schemas.ts';

export const orders = feature('/orders', 'Orders', [
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '',
      summary: "The caller's orders, newest first",
      description:
        'An order appears once its payment is captured. Both dates are included, in the time zone of the shop.',
      query: OrdersQuery,
      returns: Order,
      paged: true,
    },
    (call, { query }) => ownOrders(call, query),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '/{id}',
      summary: 'One order of the caller',
      params: IdParams,
      returns: Order,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => ownOrder(call, params.id),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/{id}/cancel',
      summary: 'Cancel an order',
      description:
        'Only while it is CREATED; later the response is 409 `INVALID_STATUS` with `details.status`. The stock is returned, ' +
        'the place in the slot is released, and the payment is refunded.',
      params: IdParams,
      changes: ['products'],
      returns: CanceledOrder,
      errors: ['NOT_FOUND', 'INVALID_STATUS'],
    },
    (call, { params }) => cancelOwnOrder(call, params.id),
  ),
]);
