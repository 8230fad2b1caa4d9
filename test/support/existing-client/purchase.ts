import { type ClientCall, each } from './call.ts';

const CART =
  'id:id user_id:id total_amount:money reserved_until:instant? items[].id:id items[].product_id:id items[].quantity:count ' +
  'items[].unit_price:money items[].line_total:money items[].product_name:text items[].product_image:text? ' +
  'items[].sku:text items[].unit:text? items[].available_quantity:count items[].is_available:flag';
const PREVIEW =
  'reserved_until:instant? slot_held:flag cart_total:money delivery_fee:money? total_amount:money currency:text ' +
  'fulfillment_type:text delivery_date:date? missing_items:list';
const ORDER_HEAD =
  'id:id order_number:text status:text fulfillment_type:text branch_id:id total_amount:money delivery_fee:money ' +
  'refunded_amount:money currency:text payment_reference:text created_at:instant updated_at:instant items_count:count';
const ORDER =
  `${ORDER_HEAD} items[].id:id items[].product_id:id items[].name:text items[].sku:text items[].unit_price:money ` +
  'items[].quantity:count items[].picked_status:text items[].replacement_product_id:id? items[].image_url:text? ' +
  'items[].unit:text? timeline[].status:text timeline[].at:instant';
const BUY = { cart_id: ':cart', fulfillment_type: 'DELIVERY', delivery_slot_id: ':slot', delivery_date: ':slotDate' };

const buy = (key: string, order: string): ClientCall[] => [
  {
    screen: 'Product: into the cart',
    as: 'customer',
    send: 'POST /cart/items',
    data: { product_id: ':product', quantity: 2 },
    status: 201,
    reads: CART,
    keep: { cart: 'id' },
  },
  {
    screen: 'Checkout: pay',
    as: 'customer',
    send: 'POST /checkout/confirm',
    data: { ...BUY, address_id: ':home', payment_token_id: ':card', save_as_default: true },
    headers: { 'Idempotency-Key': key },
    status: 201,
    reads: 'order_id:id order_number:text total_paid:money payment_reference:text',
    keep: { [order]: 'order_id' },
  },
];

/** A customer who fills a cart, pays, and looks after the orders. */
export const purchase: ClientCall[] = [
  { screen: 'Any page', as: 'customer', send: 'GET /cart', reads: 'id:id user_id:id total_amount:money items:list' },
  {
    screen: 'Product: into the cart',
    as: 'customer',
    send: 'POST /cart/items',
    data: { product_id: ':product', quantity: 2 },
    status: 201,
    reads: CART,
    keep: { cart: 'id', line: 'items[0].id' },
  },
  {
    screen: 'Product: into the cart',
    as: 'customer',
    send: 'POST /cart/items',
    data: { product_id: ':otherProduct', quantity: 1 },
    status: 201,
    reads: CART,
    keep: { otherLine: 'items[1].id' },
  },
  {
    screen: 'Cart: quantity',
    as: 'customer',
    send: 'PUT /cart/items/:line',
    data: { product_id: ':product', quantity: 3 },
    reads: CART,
  },
  { screen: 'Cart: remove', as: 'customer', send: 'DELETE /cart/items/:otherLine', reads: CART },
  {
    screen: 'Checkout',
    as: 'customer',
    send: 'POST /checkout/preview',
    data: { cart_id: ':cart', fulfillment_type: 'DELIVERY', branch_id: null, delivery_slot_id: null, address: null },
    reads: PREVIEW,
  },
  { screen: 'Checkout: slot', as: 'customer', send: 'POST /checkout/preview', data: BUY, reads: PREVIEW },
  {
    screen: 'Checkout: pick-up',
    as: 'customer',
    send: 'POST /checkout/preview',
    data: { cart_id: ':cart', fulfillment_type: 'PICKUP', branch_id: ':store' },
    reads: PREVIEW,
  },
  { screen: 'Cart: empty it', as: 'customer', send: 'DELETE /cart', reads: 'id:id items:list total_amount:money' },
  ...buy('a3b1-first', 'order'),
  ...buy('a3b1-second', 'secondOrder'),
  ...buy('a3b1-third', 'thirdOrder'),
  {
    screen: 'Orders',
    as: 'customer',
    send: 'GET /orders',
    params: { dateFrom: '2020-01-01', limit: 10, offset: 0 },
    reads: `@meta.total:count @meta.has_next:flag ${each(ORDER)}`,
  },
  {
    screen: 'Orders: of a status',
    as: 'customer',
    send: 'GET /orders',
    params: { status: 'CREATED' },
    reads: '[].id:id',
  },
  {
    screen: 'Order',
    as: 'customer',
    send: 'GET /orders/:order',
    reads: `${ORDER} delivery.address:text delivery.slot_id:id delivery.slot_start:instant delivery.slot_end:instant`,
  },
  {
    screen: 'Order: cancel',
    as: 'customer',
    send: 'POST /orders/:thirdOrder/cancel',
    data: null,
    reads: 'order_id:id canceled_at:instant status:text',
  },
  {
    screen: 'Product: heart',
    as: 'customer',
    send: 'POST /store/wishlist',
    data: { product_id: ':product' },
    status: 201,
    reads: 'product_id:id',
  },
  {
    screen: 'Wishlist',
    as: 'customer',
    send: 'GET /store/wishlist',
    reads:
      'items[].product_id:id items[].created_at:instant items[].product.name:text items[].product.price:money ' +
      'items[].product.image_url:text? items[].product.is_active:flag items[].product.in_stock_anywhere:flag',
  },
  { screen: 'Wishlist: remove', as: 'customer', send: 'DELETE /store/wishlist/:product', reads: 'removed:flag' },
  {
    screen: 'Bell',
    as: 'customer',
    send: 'GET /store/notifications',
    params: { limit: 20 },
    reads:
      'items[].id:id items[].type:text items[].title:text items[].body:text items[].order_id:id? items[].read_at:instant? ' +
      'items[].created_at:instant unread_count:count',
    keep: { notification: 'items[0].id' },
  },
  {
    screen: 'Bell: one',
    as: 'customer',
    send: 'POST /store/notifications/read',
    data: { ids: [':notification'] },
    reads: 'unread_count:count',
  },
  {
    screen: 'Bell: all',
    as: 'customer',
    send: 'POST /store/notifications/read',
    data: null,
    reads: 'unread_count:count',
  },
  {
    screen: 'Product: review',
    as: 'customer',
    send: 'POST /catalog/products/:product/reviews',
    data: { rating: 5, title: '', body: 'Always fresh.' },
    status: 201,
    reads: 'id:id rating:count body:text author:text verified_purchase:flag created_at:instant',
  },
  {
    screen: 'Product: reviews',
    send: 'GET /catalog/products/:product/reviews',
    params: { limit: 5 },
    reads: 'items[].id:id items[].rating:count items[].author:text items[].created_at:instant total:count',
  },
];

/** The end of a visit. */
export const leaving: ClientCall[] = [
  {
    screen: 'Account: devices',
    as: 'customer',
    send: 'GET /auth/sessions',
    reads: '[].id:id [].created_at:instant [].current:flag',
  },
  { screen: 'Any page: sign out', as: 'customer', send: 'POST /auth/logout', data: null },
];
