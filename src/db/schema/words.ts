/**
 * The values of columns with a fixed set of values, each list in one place: the column's type, its CHECK constraint, the API's
 * schemas and the queries derive from it. The statuses of orders are in `features/orders/statuses.ts`.
 */
export const ROLES = ['CUSTOMER', 'EMPLOYEE', 'MANAGER', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

export const FULFILLMENT_TYPES = ['DELIVERY', 'PICKUP'] as const;
export type FulfillmentType = (typeof FULFILLMENT_TYPES)[number];

/** The routes that take an Idempotency-Key. */
export const KEY_SCOPES = ['CHECKOUT', 'INVENTORY_IMPORT', 'REFUND', 'PAYMENT', 'AMENDMENT'] as const;

/** Why a delivery slot cannot be booked on a date. */
export const SLOT_CLOSED_REASONS = ['CUT_OFF', 'CLOSED', 'FULL'] as const;

/** The allergens that must be declared by Regulation (EU) 1169/2011, annex II. Their places are the bits of `allergen_bits`. */
export const ALLERGENS = [
  'gluten',
  'crustaceans',
  'eggs',
  'fish',
  'peanuts',
  'soybeans',
  'milk',
  'nuts',
  'celery',
  'mustard',
  'sesame',
  'sulphites',
  'lupin',
  'molluscs',
] as const;
export type Allergen = (typeof ALLERGENS)[number];

/** Their places are the bits of `dietary_bits`: new ones go to the end. */
export const DIETARY = [
  'kosher-dairy',
  'kosher-meat',
  'parve',
  'kosher-passover',
  'vegan',
  'vegetarian',
  'gluten-free',
  'lactose-free',
  'sugar-free',
  'halal',
] as const;
export type Dietary = (typeof DIETARY)[number];

/** The age that the law asks for: 18 for alcohol and tobacco. */
export const AGES = [18] as const;

/** The languages of translations, policies and mails. */
export const LANGUAGES = ['he', 'en', 'ar', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

export const CART_STATUSES = ['ACTIVE', 'CHECKING_OUT', 'CHECKED_OUT'] as const;
export const PICKED_STATUSES = ['PENDING', 'PICKED', 'MISSING', 'REPLACED'] as const;
/** FAILED: an authorisation that could not be renewed, or its capture, was refused; another card is wanted. */
export const PAYMENT_STATUSES = [
  'PENDING',
  'ACTION_REQUIRED',
  'AUTHORIZED',
  'CAPTURED',
  'DECLINED',
  'FAILED',
  'VOIDED',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];
/** The status of an order's payment as its customer sees it; a declined one has no order. */
export const SHOWN_PAYMENT_STATUSES = [
  'PENDING',
  'ACTION_REQUIRED',
  'AUTHORIZED',
  'CAPTURED',
  'VOIDED',
  'FAILED',
  'REFUNDED',
  'PARTLY_REFUNDED',
] as const;
export const PAYMENT_MODES = ['CHARGE', 'AUTHORIZE'] as const;
/** Of a payment whose outcome the database does not know yet. */
export const UNSETTLED = ['PENDING', 'ACTION_REQUIRED'] as const satisfies readonly PaymentStatus[];
/** Of an attempt to authorise an order anew, or to charge what an amendment adds (CAPTURED). */
export const ATTEMPT_STATUSES = [
  ...UNSETTLED,
  'AUTHORIZED',
  'CAPTURED',
  'DECLINED',
] as const satisfies readonly PaymentStatus[];
export const VOID_STATUSES = ['PENDING', 'SUCCEEDED', 'FAILED'] as const;
export const REFUND_STATUSES = ['PENDING', 'SUCCEEDED', 'FAILED'] as const;
export const REFUND_REASONS = [
  'CANCEL',
  'MISSING',
  'WEIGHT',
  'REPLACEMENT',
  'DAMAGE',
  'STAFF',
  'CLAIM',
  'AMENDMENT',
] as const;
export const REFUND_REQUEST_STATUSES = ['PENDING', 'APPROVED', 'REJECTED'] as const;
export const REFUND_TARGETS = ['CARD', 'CREDIT'] as const;
/** What VAT a product bears: the rate of the day (`tax_rates`), or none. */
export const TAX_CLASSES = ['STANDARD', 'ZERO'] as const;
export const RECEIPT_LANGUAGES = ['he', 'en'] as const;
export type ReceiptLanguage = (typeof RECEIPT_LANGUAGES)[number];
/** Each series of numbers is gapless per branch and year. */
export const RECEIPT_SERIES = ['RECEIPT', 'CREDIT_NOTE'] as const;
/** The COUPON_ kinds take something off the whole basket, the others off units of their products; MULTI_BUY is "3 for 2" or "2 for 20.00". */
export const PROMOTION_KINDS = [
  'PERCENT',
  'FIXED',
  'MULTI_BUY',
  'MEMBER_PRICE',
  'COUPON_PERCENT',
  'COUPON_FIXED',
  'FREE_DELIVERY',
] as const;
export const CREDIT_KINDS = ['GRANT', 'TAKEN_BACK', 'SPENT', 'RETURNED', 'REFUND'] as const;
export const CLAIM_STATUSES = ['OPEN', 'APPROVED', 'PARTLY_APPROVED', 'DENIED'] as const;
export const CLAIM_PROBLEMS = ['MISSING', 'DAMAGED', 'WRONG', 'EXPIRED'] as const;
export const CLAIM_WISHES = ['REFUND', 'CREDIT'] as const;
/** Of a scheduled price: before its start, between start and end, after. */
export const PRICE_STATUSES = ['PENDING', 'ACTIVE', 'FINISHED'] as const;
/** How a product is priced: by the piece, or by what its pieces weigh. */
export const SOLD_BY = ['EACH', 'WEIGHT'] as const;
export const CONTENT_UNITS = ['g', 'kg', 'ml', 'l', 'unit'] as const;
/** What a product sold by weight costs when it weighs more than its nominal pieces. */
export const WEIGHT_OVERAGES = ['ABSORB', 'CHARGE'] as const;
/** What staff may do when a product is not there; SPECIFIC: one of the products that the customer named. */
export const SUBSTITUTION_POLICIES = ['STORE_CHOICE', 'SPECIFIC', 'ASK', 'NONE'] as const;
/** OPEN past its deadline is LAPSED, for everybody and before anybody has written it down. WITHDRAWN: staff picked the line otherwise. */
export const PROPOSAL_STATUSES = ['OPEN', 'APPROVED', 'REJECTED', 'LAPSED', 'WITHDRAWN'] as const;
/** OPEN past its deadline is lapsed. PAYING: the provider is asked for what it adds. CLOSED: it never came to be. */
export const AMENDMENT_STATUSES = ['OPEN', 'PAYING', 'CONFIRMED', 'CLOSED'] as const;
export const BATCH_STATUSES = ['OPEN', 'COMPLETED'] as const;
export const NOTIFICATION_TYPES = [
  'ORDER_STATUS',
  'REFUND',
  'REPLACEMENT',
  'STOCK_REQUEST',
  'CLAIM',
  'CREDIT',
  'PAYMENT',
  'PROPOSAL',
  'AMENDMENT',
] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];
export const OUTBOX_STATUSES = ['PENDING', 'SENT', 'FAILED'] as const;
export const DELIVERY_STATUSES = ['PENDING', 'SUCCEEDED', 'FAILED'] as const;
export const STOCK_REQUEST_TYPES = ['SET_QUANTITY', 'ADD_QUANTITY'] as const;
export const STOCK_REQUEST_STATUSES = ['PENDING', 'APPROVED', 'REJECTED'] as const;

export const MOVEMENT_REASONS = [
  'INITIAL',
  'COUNT',
  'ADJUSTMENT',
  'BULK_IMPORT',
  'STOCK_REQUEST',
  'SALE',
  'PAYMENT_DECLINED',
  'CANCEL',
  'REPLACEMENT_TAKEN',
  'REPLACEMENT_RETURNED',
  'REPLACED_ORIGINAL',
  'DAMAGE',
] as const;

/** What an API key may be used for. User, key and settings administration have no scope, so no key reaches them. */
export const API_SCOPES = [
  'catalog:read',
  'catalog:write',
  'inventory:read',
  'inventory:write',
  'orders:read',
  'orders:write',
  'ops:read',
  'ops:write',
  'events:read',
  'analytics:read',
] as const;
export type ApiScope = (typeof API_SCOPES)[number];
