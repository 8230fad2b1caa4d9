import type { ErrorCode } from '../errors.ts';

/** Every constraint that a request can violate, with its error code. */
export const CONSTRAINT_ERRORS: Record<string, ErrorCode> = {
  users_email_key: 'USER_EXISTS',
  branches_name_key: 'BRANCH_EXISTS',
  categories_name_key: 'CATEGORY_EXISTS',
  categories_not_own_parent: 'CATEGORY_CYCLE',
  products_sku_key: 'SKU_EXISTS',
  inventory_product_branch_key: 'DUPLICATE_INVENTORY',
  inventory_on_hand_not_negative: 'INSUFFICIENT_STOCK',
  inventory_holds_fit: 'STOCK_HELD',
  orders_one_live_per_cart: 'CHECKOUT_IN_PROGRESS',
  batch_orders_one_open: 'ORDER_IN_BATCH',
  payment_attempts_one_open: 'PAYMENT_IN_PROGRESS',
  payments_never_over_refunded: 'CONFLICT',
  payments_card_never_over_refunded: 'CONFLICT',
  tax_rates_first_day_key: 'TAX_RATE_EXISTS',
  credit_accounts_not_negative: 'INSUFFICIENT_CREDIT',
  credit_accounts_in_range: 'CREDIT_LIMIT',
  refunds_one_per_cancel: 'INVALID_STATUS',
  delivery_slots_no_overlap: 'INVALID_SLOT',
  delivery_slots_two_hours: 'INVALID_SLOT',
  scheduled_prices_no_overlap: 'PRICE_OVERLAP',
  scheduled_prices_period: 'INVALID_PERIOD',
  shopping_lists_name_key: 'LIST_EXISTS',
  cart_items_quantity_range: 'QUANTITY_TOO_LARGE',
};
