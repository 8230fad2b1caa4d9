import { IdParams } from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { CUSTOMERS, feature, protectedRoute } from '../../http/route.ts';
import { Order } from '../orders/schemas.ts';
import { ActionRequired } from '../payments/action.ts';
import { confirmAmendment, dropAmendment, previewAmendment } from './commands.ts';
import {
  AmendmentConfirmBody,
  AmendmentHeaders,
  AmendmentParams,
  AmendmentPreview,
  AmendmentPreviewBody,
  Dropped,
} from './schemas.ts';

export const amendments = feature('/orders', 'Orders', [
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/{id}/amendments/preview',
      summary: 'Plan a change of an order, and hold what it adds',
      description:
        'While the order is CREATED and before the cut-off of its slot (a pickup: before its window). Holds the added stock as far as it ' +
        'goes, and the place in another slot, for RESERVATION_MINUTES; the order stays as it is until the confirm. Units that stay keep ' +
        'their price and discount; added ones cost what they cost today, less the promotions that apply to them alone, without coupon. ' +
        'The delivery fee stays unless slot or address change, the goods become enough for a free delivery, or too few for it.\n\n' +
        '409 `STALE_ORDER`: the order is at another `version`. 409 `AMENDMENT_OPEN`: another change is open; confirm it, drop it, or wait ' +
        'until it lapses. One with `missing_items` is replaced.',
      params: IdParams,
      body: AmendmentPreviewBody,
      changes: ['products'],
      makesNoEvents: true,
      returns: AmendmentPreview,
      errors: [
        'NOT_FOUND',
        'PRODUCT_NOT_FOUND',
        'INVALID_STATUS',
        'CUT_OFF_PASSED',
        'STALE_ORDER',
        'AMENDMENT_OPEN',
        'PAYMENT_IN_PROGRESS',
        'SLOT_FULL',
        'NOTHING_LEFT_TO_REFUND',
        'INVALID_SLOT',
        'OUT_OF_AREA',
        'BELOW_MINIMUM_ORDER',
        'NOTHING_TO_AMEND',
        'NOT_A_DELIVERY',
      ],
    },
    (call, { params, body }) => previewAmendment(call, params.id, body),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/{id}/amendments/{aid}/confirm',
      summary: 'Change an order as planned',
      description:
        'Send an `Idempotency-Key`, the same one with every retry. What it adds is charged first; where the money is only reserved, the ' +
        'whole is reserved anew and the old reservation voided after. Store credit pays none of it. A declined payment (402) leaves the order as it was, and frees what was ' +
        'held. What it takes away is refunded, or captured less; `total_amount` stays then, and `refunded_amount` rises. With 202 the bank ' +
        'wants something of the customer first, as at checkout.\n\nPicking that starts, or a cancel, while the payment is asked for comes ' +
        'first: the money goes back, and the answer is the 409 that fits.',
      params: AmendmentParams,
      headers: AmendmentHeaders,
      body: AmendmentConfirmBody,
      bodyOptional: true,
      changes: ['products'],
      query: InLanguage,
      returns: Order,
      translated: true,
      pending: ActionRequired,
      errors: [
        'MISSING_IDEMPOTENCY_KEY',
        'PAYMENT_TOKEN_REQUIRED',
        'PAYMENT_TOKEN_INACTIVE',
        'PAYMENT_FAILED',
        'NOT_FOUND',
        'PAYMENT_TOKEN_NOT_FOUND',
        'INVALID_STATUS',
        'CUT_OFF_PASSED',
        'STALE_ORDER',
        'AMENDMENT_CLOSED',
        'PRICE_CHANGED',
        'INSUFFICIENT_STOCK',
        'SLOT_FULL',
        'COUPON_EXHAUSTED',
        'NOTHING_LEFT_TO_REFUND',
        'PAYMENT_IN_PROGRESS',
        'CONFLICT',
        'IDEMPOTENCY_KEY_REUSE_MISMATCH',
        'IDEMPOTENCY_IN_PROGRESS',
        'INVALID_SLOT',
        'AGE_CONFIRMATION_REQUIRED',
      ],
    },
    (call, { params, headers, body }) =>
      confirmAmendment(call, params.id, params.aid, headers['idempotency-key'], body),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'delete',
      path: '/{id}/amendments/{aid}',
      summary: 'Drop a planned change',
      description: 'Frees what it holds. Anything but an open one is 409 `AMENDMENT_CLOSED`.',
      params: AmendmentParams,
      changes: ['products'],
      makesNoEvents: true,
      returns: Dropped,
      errors: ['NOT_FOUND', 'AMENDMENT_CLOSED'],
    },
    (call, { params }) => dropAmendment(call, params.id, params.aid),
  ),
]);
