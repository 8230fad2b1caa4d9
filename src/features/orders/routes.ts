import { IdParams } from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { CUSTOMERS, feature, protectedRoute } from '../../http/route.ts';
import { ActionRequired } from '../payments/action.ts';
import { payOrder } from '../payments/pay-order.ts';
import { cancelOwnOrder } from './commands.ts';
import { ownOrder, ownOrders } from './queries.ts';
import { CanceledOrder, Order, OrdersQuery, PaymentBody, PaymentHeaders } from './schemas.ts';

export const orders = feature('/orders', 'Orders', [
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '',
      summary: "The caller's orders, newest first",
      description:
        'An order appears once its payment is captured. Both dates are included, in the time zone of the shop.',
      query: OrdersQuery.extend(InLanguage.shape),
      returns: Order,
      translated: true,
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
      query: InLanguage,
      returns: Order,
      translated: true,
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
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/{id}/payment',
      summary: 'Pay an order with another card',
      description:
        'For an order whose `payment_status` is FAILED, or whose reserved amount has lapsed; anything else is 409 ' +
        '`NO_PAYMENT_DUE`. Send an `Idempotency-Key`, the same one with every retry. 402 leaves the order as it was. With 202 ' +
        'the bank wants something of the customer first, as at confirm. When the cut-off of its slot passes and nobody has ' +
        'paid, the order is canceled.',
      params: IdParams,
      headers: PaymentHeaders,
      body: PaymentBody,
      query: InLanguage,
      returns: Order,
      translated: true,
      pending: ActionRequired,
      errors: [
        'MISSING_IDEMPOTENCY_KEY',
        'PAYMENT_TOKEN_INACTIVE',
        'PAYMENT_FAILED',
        'NOT_FOUND',
        'PAYMENT_TOKEN_NOT_FOUND',
        'NO_PAYMENT_DUE',
        'PAYMENT_IN_PROGRESS',
        'IDEMPOTENCY_KEY_REUSE_MISMATCH',
        'IDEMPOTENCY_IN_PROGRESS',
      ],
    },
    (call, { params, headers, body }) => payOrder(call, params.id, headers['idempotency-key'], body),
  ),
]);
