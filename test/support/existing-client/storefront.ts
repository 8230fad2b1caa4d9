import { type ClientCall, each, list } from './call.ts';

const PRODUCT =
  'id:id name:text sku:text price:money old_price:money? unit:text? is_organic:flag image_url:text? ' +
  'description:string? category_id:id is_active:flag in_stock_anywhere:flag available_quantity:count';
const IN_BRANCH = `${PRODUCT} in_stock_for_branch:flag branch_available_quantity:count`;
const CATEGORY = 'id:id name:text icon_slug:text? parent_id:id? is_active:flag product_count:count';
const SLOT =
  'id:id branch_id:id day_of_week:count start_time:clock end_time:clock capacity:count? next_date:date remaining:count?';

/** What anybody sees who opens the shop. */
export const window: ClientCall[] = [
  { screen: 'Any page', send: 'GET /catalog/categories', params: { limit: 100 }, reads: list(CATEGORY) },
  { screen: 'Category', send: 'GET /catalog/categories', params: { parentId: ':dairy' }, reads: list(CATEGORY) },
  {
    screen: 'Menu',
    send: 'GET /catalog/categories/tree',
    reads: `.:list ${each('id:id name:text children:list')} @data[0].children:list`,
  },
  {
    screen: 'Any page: branch chosen',
    send: 'GET /branches',
    params: { limit: 100 },
    reads: list('id:id name:text address:text is_active:flag'),
    keep: { preselected: '[0].id' },
  },
  { screen: 'Any page', send: 'GET /branches/delivery-source', reads: 'id:id name:text' },
  {
    screen: 'Home',
    send: 'GET /catalog/products/featured',
    params: { limit: 8, branchId: ':preselected' },
    reads: each(IN_BRANCH),
  },
  {
    screen: 'Category',
    send: 'GET /catalog/categories/:dairy/products',
    params: { branchId: ':preselected', limit: 20, offset: 0 },
    reads: list(IN_BRANCH),
    keep: { product: '[0].id', otherProduct: '[1].id' },
  },
  {
    screen: 'Category: filtered',
    send: 'GET /catalog/products',
    params: {
      categoryId: ':dairy',
      branchId: ':preselected',
      inStock: true,
      minPrice: '1',
      maxPrice: '100.00',
      organicOnly: false,
      onSale: false,
      sort: 'price_asc',
      limit: 24,
      offset: 0,
    },
    reads: list(IN_BRANCH),
  },
  { screen: 'All products', send: 'GET /catalog/products', params: { sort: 'name', limit: 24 }, reads: list(PRODUCT) },
  {
    screen: 'Search: typing',
    send: 'GET /catalog/products/autocomplete',
    params: { q: 'mil', limit: 5 },
    reads: 'items[].id:id items[].name:text total:count limit:count offset:count',
  },
  {
    screen: 'Search',
    send: 'GET /catalog/products/search',
    params: { q: 'milk', branchId: ':preselected', limit: 20, offset: 0 },
    reads: list(IN_BRANCH),
  },
  {
    screen: 'Product',
    send: 'GET /catalog/products/:product',
    params: { branchId: ':preselected' },
    reads: `${IN_BRANCH} bin_location:text? rating_average:number? rating_count:count`,
  },
  { screen: 'Product: reviews', send: 'GET /catalog/products/:product/reviews', reads: 'items:list total:count' },
  {
    screen: 'Delivery page',
    send: 'GET /store/shipping-info',
    reads: 'policies[].key:text policies[].title:text policies[].body:text',
  },
  { screen: 'Slots', send: 'GET /delivery-slots', params: { branchId: ':preselected' }, reads: each(SLOT) },
  {
    screen: 'Slots: of a day',
    send: 'GET /delivery-slots',
    params: { branchId: ':preselected', dayOfWeek: 2 },
    reads: each(SLOT),
    keep: { slotDate: '[0].next_date' },
  },
  {
    screen: 'Slots: of a date',
    send: 'GET /delivery-slots',
    params: { branchId: ':preselected', date: ':slotDate' },
    reads: each(SLOT),
    keep: { slot: '[0].id' },
  },
];

const ADDRESS =
  'id:id user_id:id address_line:text city:text postal_code:text country:text is_default:flag lat:number? lng:number?';
const CARD = 'id:id provider:text brand:text? last4:text? exp_month:count? exp_year:count? is_default:flag';
const ACCOUNT = 'id:id email:text full_name:text phone:text? role:text membership_tier:text default_branch_id:id?';
const SESSION = 'access_token:text refresh_token:text expires_at:instant';
const home = { address_line: '12 Herzl Street', city: 'Haifa', postal_code: '3303140', country: 'Israel' };

/** A new customer's account. */
export const account: ClientCall[] = [
  {
    screen: 'Register',
    send: 'POST /auth/register/send-otp',
    data: { email: 'Dana@Example.com' },
    reads: 'message:text code:text',
    keep: { code: 'code' },
  },
  {
    screen: 'Register',
    send: 'POST /auth/register/verify-otp',
    data: { email: 'Dana@Example.com', code: ':code' },
    reads: 'message:text',
  },
  {
    screen: 'Register',
    send: 'POST /auth/register',
    data: {
      email: 'Dana@Example.com',
      password: 'red-Basket-5',
      full_name: 'Dana Levi',
      phone: '+972501234567',
      role: 'CUSTOMER',
    },
    status: 201,
    reads: `user.id:id user.email:text user.full_name:text user.role:text ${SESSION}`,
  },
  {
    screen: 'Forgotten password',
    send: 'POST /auth/forgot-password',
    data: { email: 'dana@example.com' },
    reads: 'message:text',
    keep: { resetToken: 'reset_token' },
  },
  {
    screen: 'Forgotten password: link',
    send: 'POST /auth/reset-password',
    data: { email: 'dana@example.com', token: ':resetToken', new_password: 'green-Basket-7' },
    reads: 'message:text',
  },
  {
    screen: 'Sign in',
    send: 'POST /auth/login',
    data: { email: 'dana@example.com', password: 'green-Basket-7' },
    reads: `user.id:id user.role:text ${SESSION}`,
    keep: { customerToken: 'access_token' },
  },
  {
    screen: 'Account: password',
    as: 'customer',
    send: 'POST /auth/change-password',
    data: { current_password: 'green-Basket-7', new_password: 'blue-Basket-9' },
    reads: SESSION,
    keep: { customerToken: 'access_token', refreshToken: 'refresh_token' },
  },
  {
    screen: 'Any page: token expired',
    send: 'POST /auth/refresh',
    data: { refresh_token: ':refreshToken' },
    reads: SESSION,
    keep: { customerToken: 'access_token' },
  },
  {
    screen: 'Any page, reloaded',
    as: 'customer',
    send: 'GET /auth/me',
    reads: 'id:id email:text full_name:text phone:text role:text',
  },
  { screen: 'Account', as: 'customer', send: 'GET /me', reads: ACCOUNT },
  {
    screen: 'Account: save',
    as: 'customer',
    send: 'PATCH /me',
    data: { full_name: 'Dana Levi-Cohen', phone: '0501234567' },
    reads: ACCOUNT,
  },
  {
    screen: 'Account: phone',
    as: 'customer',
    send: 'PATCH /me/phone',
    data: { phone: '+972501234567' },
    reads: ACCOUNT,
  },
  {
    screen: 'Addresses: new',
    as: 'customer',
    send: 'POST /me/addresses',
    data: { ...home, is_default: true, lat: null, lng: null },
    status: 201,
    reads: ADDRESS,
    keep: { home: 'id' },
  },
  {
    screen: 'Addresses: new',
    as: 'customer',
    send: 'POST /me/addresses',
    data: { ...home, address_line: '5 Allenby Street', city: 'Tel Aviv', lat: 32.06, lng: 34.77 },
    status: 201,
    reads: ADDRESS,
    keep: { office: 'id' },
  },
  { screen: 'Addresses', as: 'customer', send: 'GET /me/addresses', reads: each(ADDRESS) },
  {
    screen: 'Addresses: save',
    as: 'customer',
    send: 'PUT /me/addresses/:office',
    data: { address_line: '6 Allenby Street', city: 'Tel Aviv' },
    reads: ADDRESS,
  },
  {
    screen: 'Addresses: default',
    as: 'customer',
    send: 'PATCH /me/addresses/:office/default',
    data: null,
    reads: ADDRESS,
  },
  { screen: 'Addresses: delete', as: 'customer', send: 'DELETE /me/addresses/:office', reads: 'success:flag' },
  {
    screen: 'Cards: new',
    as: 'customer',
    send: 'POST /me/payment-tokens',
    data: { provider: 'mockpay', card_number: '4242 4242 4242 4242', exp_month: 12, exp_year: 2040, is_default: true },
    status: 201,
    reads: `payment_token_id:id ${CARD}`,
    keep: { card: 'payment_token_id' },
  },
  {
    screen: 'Cards: new',
    as: 'customer',
    send: 'POST /me/payment-tokens',
    data: { provider: 'mockpay', provider_token: 'tok_approve_2', brand: 'Visa', last4: '1111' },
    status: 201,
    reads: 'payment_token_id:id',
    keep: { oldCard: 'payment_token_id' },
  },
  { screen: 'Cards', as: 'customer', send: 'GET /me/payment-tokens', reads: each(CARD) },
  { screen: 'Cards: default', as: 'customer', send: 'PATCH /me/payment-tokens/:card/default', data: null, reads: CARD },
  { screen: 'Cards: delete', as: 'customer', send: 'DELETE /me/payment-tokens/:oldCard', reads: 'success:flag' },
];
