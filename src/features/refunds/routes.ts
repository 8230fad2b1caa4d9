import { IdParams } from '../../http/fields.ts';
import { feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { decideRefund, refundOrder } from './commands.ts';
import { staffRefunds } from './queries.ts';
import * as schemas from './schemas.ts';

export const opsRefunds = feature('/ops', 'Refunds', [
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/orders/{id}/refunds',
      scopes: ['orders:write'],
      summary: 'Refund an order',
      description:
        'An `amount`, or units of lines (`items`) at the price paid; never more than is left of the order and of the line (409 ' +
        '`NOTHING_LEFT_TO_REFUND`, with what is left in `details`). Above the setting `refund_approval_over` it needs a second ' +
        'manager and is `PENDING` until then. Stock does not change. Send an `Idempotency-Key`, the same one with every ' +
        'retry: a repeat gets the stored answer (200) with `Idempotency-Replayed: true`, for 24 hours.',
      params: IdParams,
      headers: schemas.RefundHeaders,
      body: schemas.NewRefund,
      returns: schemas.StaffRefund,
      status: 201,
      alsoStatus: [200],
      errors: [
        'MISSING_IDEMPOTENCY_KEY',
        'NOT_FOUND',
        'NOTHING_LEFT_TO_REFUND',
        'IDEMPOTENCY_KEY_REUSE_MISMATCH',
        'IDEMPOTENCY_IN_PROGRESS',
      ],
    },
    (call, { params, headers, body }) => refundOrder(call, params.id, headers['idempotency-key'], body),
  ),
]);

export const adminRefunds = feature('/admin/refunds', 'Refunds', [
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '',
      scopes: ['orders:read'],
      summary: 'Refunds by staff, newest first',
      description: 'Those that wait for a second manager are `PENDING`.',
      query: schemas.RefundsQuery,
      returns: schemas.StaffRefund,
      paged: true,
    },
    (call, { query }) => staffRefunds(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/{id}',
      summary: 'Approve or reject a refund as the second manager',
      description:
        'Neither the requester nor the customer of the order may decide, ADMIN included. A refund that has become impossible ' +
        'is refused with 409 `NOTHING_LEFT_TO_REFUND` and stays pending; it can be rejected.',
      params: IdParams,
      body: schemas.RefundDecision,
      returns: schemas.StaffRefund,
      errors: ['CANNOT_APPROVE_OWN', 'NOT_FOUND', 'INVALID_STATUS', 'NOTHING_LEFT_TO_REFUND'],
    },
    (call, { params, body }) => decideRefund(call, params.id, body.status),
  ),
]);
