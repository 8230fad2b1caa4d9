import { MAX_CART_LINES, MAX_LIST_ITEMS, MAX_LISTS, MAX_UNITS } from './limits.ts';

/** Every error code of the API with its status and default message. */
const ERRORS = {
  VALIDATION_ERROR: [400, 'The request is not valid; see details.errors.'],
  MISSING_IDEMPOTENCY_KEY: [400, 'Send an Idempotency-Key header of 1 to 128 visible characters.'],
  PAYMENT_TOKEN_REFUSED: [400, 'The payment provider does not accept this payment method.'],
  PAYMENT_TOKEN_INACTIVE: [400, 'This payment method has been removed. Choose another one.'],
  PAYMENT_TOKEN_REQUIRED: [400, 'Store credit does not cover the total: send a payment_token_id.'],
  ADDRESS_REQUIRED: [400, 'A delivery needs an address: send address or address_id, or save a default address.'],
  SLOT_REQUIRED: [400, 'A delivery needs a delivery_slot_id.'],
  BRANCH_REQUIRED: [400, 'A pickup needs a branch_id.'],
  WEBHOOK_URL_REFUSED: [400, 'Webhooks are sent to public https addresses only.'],
  WEBHOOK_REFUSED: [400, 'The signature of this webhook is wrong or too old.'],
  INVALID_OR_EXPIRED_TOKEN: [400, 'This link is no longer valid. Ask for a new one.'],
  INVALID_REGISTRATION_OTP: [400, 'The code is wrong or no longer valid.'],
  INVALID_QUANTITY: [400, 'The approved quantity is not valid for this request.'],
  INVALID_REJECTION: [400, 'A rejection requires rejection_reason and must not have approved_quantity.'],
  AUTH_REQUIRED: [401, 'Sign in to continue.'],
  TOKEN_EXPIRED: [401, 'The access token has expired. Refresh it.'],
  INVALID_CREDENTIALS: [401, 'Email or password is wrong.'],
  TICKET_INVALID: [401, 'This ticket is unknown, used or expired. Ask for a new one.'],
  TOTP_REQUIRED: [401, 'Enter the code of your authenticator app.'],
  TOTP_CHALLENGE_EXPIRED: [401, 'The sign-in took too long. Start again with email and password.'],
  INVALID_TOTP: [401, 'The code is wrong or has been used.'],
  WRONG_TOTP: [400, 'The code is wrong or has been used.'],
  WRONG_CURRENT_PASSWORD: [400, 'The current password is wrong.'],
  PAYMENT_FAILED: [402, 'The payment was declined. Try another card.'],
  AUTHORIZATION_ERROR: [403, 'Your role does not permit this.'],
  TOTP_SETUP_REQUIRED: [403, 'Set up an authenticator app first: POST /auth/totp/setup.'],
  ROLE_NOT_ALLOWED: [403, 'Registration creates customer accounts only.'],
  OTP_REQUIRED: [403, 'Verify the email address with a code first.'],
  CANNOT_REVIEW_OWN_REQUEST: [403, 'You cannot review your own request.'],
  CANNOT_APPROVE_OWN: [403, 'You cannot decide on your own refund, claim or credit.'],
  CANNOT_MODIFY_SELF_ROLE: [403, 'You cannot change your own role.'],
  CANNOT_DEACTIVATE_SELF: [403, 'You cannot deactivate your own account.'],
  NOT_FOUND: [404, 'Not found.'],
  CATEGORY_NOT_FOUND: [404, 'There is no such category.'],
  BRANCH_NOT_FOUND: [404, 'There is no such branch.'],
  SLOT_NOT_FOUND: [404, 'There is no such delivery slot.'],
  PRODUCT_NOT_FOUND: [404, 'There is no such product.'],
  PROMOTION_NOT_FOUND: [404, 'There is no such promotion.'],
  COUPON_NOT_FOUND: [404, 'There is no coupon with this code.'],
  PRODUCT_INACTIVE: [404, 'This product is not on sale.'],
  ADDRESS_NOT_FOUND: [404, 'There is no such address.'],
  PAYMENT_TOKEN_NOT_FOUND: [404, 'There is no such payment method.'],
  ZONE_NOT_FOUND: [404, 'There is no such delivery zone.'],
  API_KEY_NOT_FOUND: [404, 'There is no such API key.'],
  USER_NOT_FOUND: [404, 'There is no such user.'],
  METHOD_NOT_ALLOWED: [405, 'This path does not support this method; see the Allow header.'],
  TOTP_ALREADY_ENABLED: [409, 'Two-step sign-in is on. Turn it off before setting it up again.'],
  TOTP_NOT_SET_UP: [409, 'Two-step sign-in is not set up.'],
  USER_EXISTS: [409, 'An account with this email already exists.'],
  OUT_OF_STOCK_ANYWHERE: [409, 'This product is out of stock.'],
  OUT_OF_STOCK_DELIVERY_BRANCH: [409, 'There is not enough of this product for delivery.'],
  CHECKOUT_IN_PROGRESS: [409, 'This cart is being paid for. Wait for the result.'],
  SLOT_FULL: [409, 'This delivery slot is full. Choose another one.'],
  INSUFFICIENT_STOCK: [409, 'Some products are no longer available in this quantity.'],
  PRICE_CHANGED: [409, 'The total has changed since it was shown. Preview again to accept it.'],
  IDEMPOTENCY_KEY_REUSE_MISMATCH: [409, 'This Idempotency-Key was used for another request. Use a new one.'],
  IDEMPOTENCY_IN_PROGRESS: [409, 'The first request with this Idempotency-Key is still in progress.'],
  INVALID_STATUS: [409, 'This is not possible in the present status.'],
  INVALID_STATUS_TRANSITION: [409, 'The order cannot move to this status.'],
  SUBSTITUTION_REFUSED: [409, 'The customer wants no substitute for this item.'],
  APPROVAL_REQUIRED: [409, 'The customer wants to be asked: propose this product first.'],
  NOT_IN_CHOICE: [409, 'The customer chose other products as substitutes.'],
  PROPOSAL_PENDING: [409, 'A proposal waits for the answer of the customer.'],
  PROPOSAL_CLOSED: [409, 'It is too late for an answer to this proposal.'],
  WEIGHT_REQUIRED: [409, 'Some lines are sold by weight and have not been weighed.'],
  PAYMENT_NOT_CAPTURED: [409, 'The payment of this order is not taken yet.'],
  CUT_OFF_PASSED: [409, 'It is too late to change this order.'],
  STALE_ORDER: [409, 'The order has changed since it was read. Read it again.'],
  AMENDMENT_OPEN: [409, 'Another change of this order is open. Confirm it, drop it or wait until it lapses.'],
  AMENDMENT_CLOSED: [409, 'This change of the order has lapsed, or was confirmed or dropped.'],
  NO_PAYMENT_DUE: [409, 'This order needs no payment now.'],
  PAYMENT_IN_PROGRESS: [409, 'Another payment of this order is still in progress.'],
  NOTHING_TO_DELIVER: [409, 'No items of this order are left to deliver. Cancel it instead.'],
  NOTHING_LEFT_TO_REFUND: [409, 'That is more than is left to refund.'],
  ALREADY_CLAIMED: [409, 'Some of these units have been claimed already.'],
  CLAIM_WINDOW_OVER: [409, 'It is too late for a claim about this order.'],
  RECEIPT_NOT_READY: [409, 'The receipt is issued once the payment is captured.'],
  TAX_RATE_EXISTS: [409, 'There is a VAT rate with this first day already.'],
  TAX_RATE_USED: [409, 'Receipts have been issued on that day or later. A new rate begins after the last of them.'],
  INSUFFICIENT_CREDIT: [409, 'The customer does not have that much store credit.'],
  BATCH_NOT_SETTLED: [409, 'Some lines of this batch are still pending.'],
  ORDER_IN_BATCH: [409, 'An order is in another open batch.'],
  CATEGORY_EXISTS: [409, 'A category with this name already exists.'],
  SKU_EXISTS: [409, 'A product with this SKU already exists.'],
  PROMOTION_EXISTS: [409, 'A promotion with this name already exists.'],
  COUPON_EXISTS: [409, 'Another promotion has this code already.'],
  COUPON_EXHAUSTED: [409, 'This offer has been used up. Preview again to go on without it.'],
  LIMIT_BELOW_USES: [409, 'More orders than that use this promotion already.'],
  BARCODE_EXISTS: [409, 'Another product has this bar code.'],
  BRANCH_EXISTS: [409, 'A branch with this name already exists.'],
  DELIVERY_SOURCE_BRANCH: [409, 'The branch that ships deliveries cannot be deactivated.'],
  EXCEPTION_EXISTS: [409, 'This date has an exception already. Delete it first.'],
  ORDERS_BOOKED: [409, 'Orders are booked for this time. Close it to new ones with force.'],
  ZONES_OVERLAP: [409, 'Another delivery zone of this branch has some of these postal codes.'],
  DUPLICATE_INVENTORY: [409, 'This product already has an inventory row at this branch.'],
  PRICE_OVERLAP: [409, 'Another scheduled price of this product covers a part of this time.'],
  LIST_EXISTS: [409, 'You have a list with this name already.'],
  STALE_QUANTITY: [409, 'The quantity has changed since you read it.'],
  STOCK_HELD: [409, 'Some of this stock is on hold for customers in checkout.'],
  USER_ERASED: [409, 'This account has been erased. It cannot be activated again.'],
  LAST_ADMIN: [409, 'The last active administrator cannot be demoted or deactivated.'],
  CONFLICT: [409, 'This conflicts with the present state.'],
  PAYLOAD_TOO_LARGE: [413, 'The body is too large.'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Send the body as application/json.'],
  CART_FULL: [422, `A cart holds at most ${MAX_CART_LINES} products.`],
  QUANTITY_TOO_LARGE: [422, `A cart line holds at most ${MAX_UNITS} units.`],
  USE_MISSING: [422, 'No unit was picked: set the line to MISSING.'],
  WEIGHT_OUT_OF_RANGE: [422, 'This weight is out of tolerance. A manager may record it with a reason.'],
  NOT_SOLD_BY_WEIGHT: [422, 'This product is not sold by weight.'],
  INVALID_WEIGHT: [422, 'A product sold by weight needs price_per_kg and nominal_grams, and the price of that piece.'],
  NOT_ORDERED: [422, 'The order does not have that many units of this item.'],
  NOT_CLAIMED: [422, 'The claim is not about that many units of this item.'],
  CREDIT_LIMIT: [422, 'That would be more store credit than an account can hold.'],
  NOTHING_TO_AMEND: [422, 'The order is like that already.'],
  NOT_A_DELIVERY: [422, 'This order is picked up: it has neither a delivery slot nor an address.'],
  CART_EMPTY: [422, 'The cart is empty.'],
  AGE_CONFIRMATION_REQUIRED: [422, 'The cart holds products for adults: confirm the age with age_confirmed.'],
  INVALID_SLOT: [422, 'This delivery slot is not valid.'],
  OUT_OF_AREA: [422, 'We do not deliver to this postal code.'],
  PAST_DATE: [422, 'This date has passed.'],
  BELOW_MINIMUM_ORDER: [422, 'The cart is below the minimum order.'],
  INVALID_PERIOD: [422, 'A scheduled price must end after it begins, and in the future.'],
  LIST_LIMIT: [422, `There are at most ${MAX_LISTS} lists, and ${MAX_LIST_ITEMS} products on one.`],
  COUPON_NOT_APPLICABLE: [422, 'This coupon does not apply to the cart; see details.reason.'],
  INVALID_PROMOTION: [422, 'value must be a percentage up to 100 or an amount above 0, as the kind wants it.'],
  PROMOTION_MULTI_BUY: [422, 'MULTI_BUY wants take (2 or more) and either pay (less than take) or bundle_price.'],
  PROMOTION_CODE: [422, 'COUPON_PERCENT and COUPON_FIXED want a code.'],
  PROMOTION_PERIOD: [422, 'ends_at must come after starts_at.'],
  CATEGORY_CYCLE: [422, 'A category cannot be its own descendant.'],
  SYNONYMS_ALIKE: [422, 'Synonyms are two or more words that a search can tell apart, of at most six words each.'],
  UNPROCESSABLE: [422, 'This is not possible.'],
  UPGRADE_REQUIRED: [426, 'Connect with a WebSocket: send the header Upgrade: websocket.'],
  RATE_LIMITED: [429, 'Too many requests. Wait before trying again.'],
  INTERNAL_ERROR: [500, 'Something went wrong on our side.'],
  SERVICE_UNAVAILABLE: [503, 'A service we depend on is not responding. Try again shortly.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorStatus = (typeof ERRORS)[ErrorCode][0];

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);
export const statusOf = (code: ErrorCode): ErrorStatus => ERRORS[code][0];
export const messageOf = (code: ErrorCode): string => ERRORS[code][1];

/** Codes that clients see under another name, because one public code has two statuses or several messages. */
const PUBLIC_NAMES: Partial<Record<ErrorCode, string>> = {
  WRONG_CURRENT_PASSWORD: 'INVALID_CREDENTIALS',
  WRONG_TOTP: 'INVALID_TOTP',
  CATEGORY_NOT_FOUND: 'NOT_FOUND',
  BRANCH_NOT_FOUND: 'NOT_FOUND',
  SLOT_NOT_FOUND: 'NOT_FOUND',
  ZONE_NOT_FOUND: 'NOT_FOUND',
  API_KEY_NOT_FOUND: 'NOT_FOUND',
  NOT_ORDERED: 'QUANTITY_TOO_LARGE',
  NOT_CLAIMED: 'QUANTITY_TOO_LARGE',
  CREDIT_LIMIT: 'UNPROCESSABLE',
  PROMOTION_NOT_FOUND: 'NOT_FOUND',
  PROMOTION_MULTI_BUY: 'INVALID_PROMOTION',
  PROMOTION_CODE: 'INVALID_PROMOTION',
  PROMOTION_PERIOD: 'INVALID_PROMOTION',
};
export const publicCode = (code: ErrorCode): string => PUBLIC_NAMES[code] ?? code;

interface ErrorExtras {
  details?: Record<string, unknown> | undefined;
  headers?: Record<string, string> | undefined;
  cause?: unknown;
}

/** An error response; contains only what a client may see. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(code: ErrorCode, message?: string, extras: ErrorExtras = {}) {
    super(message ?? messageOf(code), extras.cause === undefined ? undefined : { cause: extras.cause });
    this.code = code;
    this.details = extras.details ?? {};
    this.headers = extras.headers ?? {};
  }

  get status(): ErrorStatus {
    return statusOf(this.code);
  }

  toJSON() {
    return {
      error: { code: publicCode(this.code), message: this.message, status_code: this.status, details: this.details },
    };
  }
}

/** One invalid part of a request: its path and how to correct it. */
export interface Problem {
  path: string;
  message: string;
}

/** The message contains the first problem, because existing clients show only the message. */
export function validationError(errors: Problem[]): AppError {
  const [first] = errors;
  return new AppError('VALIDATION_ERROR', first && `${first.path}: ${first.message}`, { details: { errors } });
}

/** A dependency is down, and the requested change certainly did not happen. */
export const unavailable = (retryAfterSeconds = 5, cause?: unknown, details = {}): AppError =>
  new AppError('SERVICE_UNAVAILABLE', undefined, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
    details,
    cause,
  });

/** A dependency is down, and the requested change may have happened, completely or in part: its response was lost. */
export const outcomeUnknown = (retryAfterSeconds = 5, cause?: unknown): AppError =>
  unavailable(retryAfterSeconds, cause, { may_have_happened: true });
