import { IdParams } from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { CUSTOMERS, feature, protectedRoute } from '../../http/route.ts';
import { addItem, clearCart, enterCoupon, removeCoupon, removeItem, setItem } from './commands.ts';
import { readCart } from './queries.ts';
import { refillFromList, refillFromOrder } from './refill.ts';
import {
  AddItemBody,
  Cart,
  COUPON_REFUSALS,
  CouponBody,
  ItemParams,
  OrderParams,
  Refill,
  SetItemBody,
} from './schemas.ts';

const REFUSALS = [
  'PRODUCT_INACTIVE',
  'OUT_OF_STOCK_ANYWHERE',
  'OUT_OF_STOCK_DELIVERY_BRANCH',
  'QUANTITY_TOO_LARGE',
  'CHECKOUT_IN_PROGRESS',
] as const;

const REFILL_NOTE =
  'The cart then has the larger of the two quantities of each product, so a repeat changes nothing. A product that is not on ' +
  'sale, or not in stock in that quantity, is left as it is and named in `skipped`. `price_changes` names the others whose price is another one now.';

export const cart = feature('/cart', 'Cart', [
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '',
      summary: 'The open cart',
      description:
        'Created on first use; stays open until it is paid for and holds no stock. Prices are current. A cart being paid for is still ' +
        'the open cart.',
      query: InLanguage,
      returns: Cart,
      translated: true,
    },
    readCart,
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/items',
      summary: 'Add a product',
      description: 'Adds to an existing line of the product; ends the hold of a checkout.',
      body: AddItemBody,
      changes: ['products'],
      query: InLanguage,
      returns: Cart,
      translated: true,
      status: 201,
      errors: [...REFUSALS, 'CART_FULL'],
    },
    (call, { body }) => addItem(call, body),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'put',
      path: '/items/{item_id}',
      summary: 'Set the quantity of a line',
      description:
        'With another `product_id`, the line is replaced by one of that product. `substitution` says what may be given when the shop ' +
        "does not have it; lines that say nothing have the customer's `substitution_policy`.",
      params: ItemParams,
      body: SetItemBody,
      changes: ['products'],
      query: InLanguage,
      returns: Cart,
      translated: true,
      errors: [...REFUSALS, 'NOT_FOUND', 'PRODUCT_NOT_FOUND', 'UNPROCESSABLE'],
    },
    (call, { params, body }) => setItem(call, params.item_id, body),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'delete',
      path: '/items/{item_id}',
      summary: 'Remove a line',
      params: ItemParams,
      changes: ['products'],
      query: InLanguage,
      returns: Cart,
      translated: true,
      errors: ['NOT_FOUND', 'CHECKOUT_IN_PROGRESS'],
    },
    (call, { params }) => removeItem(call, params.item_id),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'delete',
      path: '',
      summary: 'Empty the cart',
      changes: ['products'],
      query: InLanguage,
      returns: Cart,
      translated: true,
      errors: ['CHECKOUT_IN_PROGRESS'],
    },
    clearCart,
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'put',
      path: '/coupon',
      summary: 'Enter a coupon',
      description:
        'Replaces the one entered before. 422 `COUPON_NOT_APPLICABLE` names the reason in `details.reason`: one of ' +
        `${COUPON_REFUSALS.join(', ')}. A coupon stays with the cart when a later change makes it inapplicable; \`coupon\` ` +
        'then says why.',
      body: CouponBody,
      changes: ['products'],
      query: InLanguage,
      returns: Cart,
      translated: true,
      errors: ['COUPON_NOT_FOUND', 'COUPON_NOT_APPLICABLE', 'CHECKOUT_IN_PROGRESS'],
    },
    (call, { body }) => enterCoupon(call, body.code),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'delete',
      path: '/coupon',
      summary: 'Remove the coupon',
      description: 'Without a coupon, the cart is returned as it is.',
      changes: ['products'],
      query: InLanguage,
      returns: Cart,
      translated: true,
      errors: ['CHECKOUT_IN_PROGRESS'],
    },
    removeCoupon,
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/from-order/{order_id}',
      summary: 'Order again: put the products of an order into the cart',
      description: `${REFILL_NOTE} Replaced and missing items count as they were ordered.`,
      params: OrderParams,
      changes: ['products'],
      query: InLanguage,
      returns: Refill,
      translated: true,
      errors: ['NOT_FOUND', 'CHECKOUT_IN_PROGRESS'],
    },
    (call, { params }) => refillFromOrder(call, params.order_id),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/from-list/{id}',
      summary: 'Put the products of a shopping list into the cart',
      description: REFILL_NOTE,
      params: IdParams,
      changes: ['products'],
      query: InLanguage,
      returns: Refill,
      translated: true,
      errors: ['NOT_FOUND', 'CHECKOUT_IN_PROGRESS'],
    },
    (call, { params }) => refillFromList(call, params.id),
  ),
]);
