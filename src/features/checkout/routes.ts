import { CUSTOMERS, feature, protectedRoute } from '../../http/route.ts';
import { ActionRequired } from '../payments/action.ts';
import { confirm } from './commands/confirm.ts';
import { preview } from './commands/preview.ts';
import { leaseAhead } from './idempotency.ts';
import { Confirmation, ConfirmBody, ConfirmHeaders, Preview, PreviewBody } from './schemas.ts';

export const checkout = feature('/checkout', 'Checkout', [
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/preview',
      summary: 'Hold the stock of a cart and show its total',
      description:
        "Takes or renews the cart's hold for RESERVATION_MINUTES: the available stock of each line at the fulfilling " +
        'branch, and a place in the slot when one is given. Missing stock is listed, not refused. A hold can be renewed for 60 ' +
        'minutes from its first preview; after that the previews of this customer hold nothing for ten minutes ' +
        '(`reserved_until: null`). The total is stored, with its currency, until the cart, the fulfilment type ' +
        'or the branch changes.\n\nA delivery goes from the branch of its zone, at the fee of the slot, else of the zone, else of the ' +
        'settings. A slot that cannot be booked is refused: INVALID_SLOT with `details.reason` CUT_OFF, CLOSED, TOO_FAR_AHEAD, ' +
        'WRONG_WEEKDAY, OUTSIDE_SERVICE_HOURS or NOT_FOUND (also a slot of another branch).',
      body: PreviewBody,
      changes: ['products'],
      makesNoEvents: true,
      returns: Preview,
      errors: [
        'NOT_FOUND',
        'CHECKOUT_IN_PROGRESS',
        'BRANCH_REQUIRED',
        'INVALID_SLOT',
        'OUT_OF_AREA',
        'CART_EMPTY',
        'UNPROCESSABLE',
      ],
    },
    (call, { body }) => preview(call, body),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/confirm',
      summary: 'Pay for the cart and place the order',
      description:
        'Send an `Idempotency-Key`, the same one with every retry. The first request does the work (201); a repeat with the ' +
        'same body gets the stored response (200, or 402 for a declined payment) with `Idempotency-Replayed: true`, for 24 ' +
        'hours. Any other error frees the key. After a lost response or a 503, repeat with the same key: you are charged ' +
        'at most once. With `use_credit`, store credit is spent first and the card is charged the rest; no card is needed ' +
        'when credit covers the total. A declined payment returns the credit.\n\nPromotions with a limit are used here: 409 `COUPON_EXHAUSTED` when somebody ' +
        'else used the last one, or the coupon of the cart is used up since it was shown. A new preview goes on without ' +
        'it.\n\n202: the bank requires an action of the ' +
        'customer first (3-D Secure). Perform `action`, then repeat with the same key until the response is 201 or 402. ' +
        'Stock and slot are kept until `action.expires_at`; after that the payment is voided (402, reason ' +
        '`action_expired`). With the setting `payment_mode: AUTHORIZE` the amount is reserved now and captured, as far as ' +
        'it is due, when the order is READY.',
      headers: ConfirmHeaders,
      ahead: leaseAhead,
      body: ConfirmBody,
      changes: ['products'],
      returns: Confirmation,
      status: 201,
      alsoStatus: [200],
      pending: ActionRequired,
      errors: [
        'MISSING_IDEMPOTENCY_KEY',
        'PAYMENT_TOKEN_INACTIVE',
        'PAYMENT_TOKEN_REQUIRED',
        'ADDRESS_REQUIRED',
        'SLOT_REQUIRED',
        'BRANCH_REQUIRED',
        'PAYMENT_FAILED',
        'NOT_FOUND',
        'PAYMENT_TOKEN_NOT_FOUND',
        'ADDRESS_NOT_FOUND',
        'SLOT_FULL',
        'INSUFFICIENT_STOCK',
        'PRICE_CHANGED',
        'COUPON_EXHAUSTED',
        'AGE_CONFIRMATION_REQUIRED',
        'CHECKOUT_IN_PROGRESS',
        'IDEMPOTENCY_KEY_REUSE_MISMATCH',
        'IDEMPOTENCY_IN_PROGRESS',
        'INVALID_SLOT',
        'OUT_OF_AREA',
        'CART_EMPTY',
        'UNPROCESSABLE',
        'BELOW_MINIMUM_ORDER',
      ],
    },
    (call, { headers, body }) => confirm(call, headers['idempotency-key'], body),
  ),
]);
