import { type ClientCall, each, list } from './call.ts';

const CATEGORY = 'id:id name:text icon_slug:text? description:string? parent_id:id? is_active:flag';
const PRODUCT =
  'id:id name:text sku:text price:money old_price:money? unit:text? is_organic:flag bin_location:text? ' +
  'image_url:text? description:string? category_id:id is_active:flag';
const SLOT = 'id:id branch_id:id day_of_week:count start_time:clock end_time:clock capacity:count? is_active:flag';
const SHELF =
  'id:id product_id:id branch_id:id branch_name:text product_name:text product_sku:text available_quantity:count ' +
  'reserved_quantity:count reorder_point:count';

/** Both buttons of a switch: the client sends a body of `null` and says in the query which state it wants. */
const switching = (screen: string, path: string, reads: string): ClientCall[] =>
  [false, true].map((active) => ({
    screen: `${screen}: switch ${active ? 'on' : 'off'}`,
    as: 'manager',
    send: `PATCH ${path}/toggle`,
    data: null,
    params: { active },
    reads,
  }));

/** A manager's goods: categories, products, stock, slots. */
export const management: ClientCall[] = [
  {
    screen: 'Categories: new',
    as: 'manager',
    send: 'POST /admin/categories',
    data: { name: 'Ice cream', description: '', icon_slug: 'ice-cream', parent_id: null },
    status: 201,
    reads: CATEGORY,
    keep: { newCategory: 'id' },
  },
  {
    screen: 'Categories: save',
    as: 'manager',
    send: 'PATCH /admin/categories/:newCategory',
    data: { name: 'Ices', description: 'Cold', icon_slug: 'ice-cream', parent_id: ':dairy' },
    reads: CATEGORY,
  },
  ...switching('Categories', '/admin/categories/:newCategory', CATEGORY),
  {
    screen: 'Products: new',
    as: 'manager',
    send: 'POST /admin/products',
    data: {
      name: 'Lemon sorbet 1L',
      sku: 'ICE-LEMON',
      price: '19.9',
      old_price: null,
      category_id: ':newCategory',
      description: '',
      unit: '1L',
      is_organic: false,
      nutritional_info: null,
      bin_location: null,
      image_url: null,
    },
    status: 201,
    reads: PRODUCT,
    keep: { newProduct: 'id' },
  },
  {
    screen: 'Products: new, into stock',
    as: 'manager',
    send: 'POST /admin/inventory',
    data: {
      product_id: ':newProduct',
      branch_id: ':warehouse',
      available_quantity: 12,
      reserved_quantity: 0,
      reorder_point: 3,
    },
    status: 201,
    reads: SHELF,
    keep: { newShelf: 'id' },
  },
  {
    screen: 'Products: save',
    as: 'manager',
    send: 'PATCH /admin/products/:newProduct',
    data: { name: 'Lemon sorbet 1 l', price: 21.5, old_price: '25.00', image_url: 'https://example.com/lemon.jpg' },
    reads: PRODUCT,
  },
  ...switching('Products', '/admin/products/:newProduct', PRODUCT),
  {
    screen: 'Products',
    as: 'manager',
    send: 'GET /admin/products',
    params: { q: 'sorbet', categoryId: ':newCategory', isActive: true, limit: 50, offset: 0 },
    reads: list(PRODUCT),
  },
  {
    screen: 'Stock: totals and CSV',
    as: 'manager',
    send: 'GET /admin/inventory',
    params: { limit: 10000, offset: 0 },
    reads: list(SHELF),
  },
  {
    screen: 'Stock: running out',
    as: 'manager',
    send: 'GET /admin/inventory',
    params: { branchId: ':warehouse', productId: ':newProduct', lowStock: false, q: 'lemon' },
    reads: list(SHELF),
  },
  {
    screen: 'Stock: save',
    as: 'manager',
    send: 'PATCH /admin/inventory/:newShelf',
    data: { available_quantity: 20, reserved_quantity: 0, reorder_point: 4 },
    reads: SHELF,
  },
  {
    screen: 'Stock: history',
    as: 'manager',
    send: 'GET /admin/inventory/:newShelf/movements',
    params: { limit: 20 },
    reads: list('id:id delta:count reason:text note:text? actor_name:text? balance:count created_at:instant'),
  },
  {
    screen: 'Stock: file',
    as: 'manager',
    send: 'POST /admin/inventory/bulk',
    file: ({ warehouse }) =>
      `sku,branch_id,available_quantity,reorder_point\nICE-LEMON,${warehouse},25,5\nNONE,1,1,1\n`,
    status: 202,
    reads:
      'total:count success:count errors:count error_details[].row_number:count error_details[].error:text ' +
      'error_details[].row:object results[].row_number:count results[].status:text results[].action:text',
  },
  { screen: 'Slots', as: 'manager', send: 'GET /admin/delivery-slots', reads: list(SLOT) },
  {
    screen: 'Slots: of a branch and day',
    as: 'manager',
    send: 'GET /admin/delivery-slots',
    params: { branchId: ':warehouse', dayOfWeek: 1, isActive: true },
    reads: list(SLOT),
  },
  {
    screen: 'Slots: new',
    as: 'manager',
    send: 'POST /admin/delivery-slots',
    data: { branch_id: ':warehouse', day_of_week: 1, start_time: '06:00', end_time: '08:00', capacity: 20 },
    status: 201,
    reads: SLOT,
    keep: { newSlot: 'id' },
  },
  {
    screen: 'Slots: save',
    as: 'manager',
    send: 'PATCH /admin/delivery-slots/:newSlot',
    data: { branch_id: ':warehouse', day_of_week: 1, start_time: '06:00:00', end_time: '08:00:00', capacity: null },
    reads: SLOT,
  },
  ...switching('Slots', '/admin/delivery-slots/:newSlot', SLOT),
  {
    screen: 'Figures: revenue',
    as: 'manager',
    send: 'GET /admin/analytics/revenue',
    params: { range: '30d', granularity: 'day' },
    reads: 'labels[]:text values[]:number total:money orders:count average_order_value:money',
  },
  {
    screen: 'Figures: revenue of a year',
    as: 'manager',
    send: 'GET /admin/analytics/revenue',
    params: { range: '12m' },
    reads: 'labels[]:text values[]:number total:money',
  },
  {
    screen: 'Figures: products',
    as: 'manager',
    send: 'GET /admin/analytics/top-products',
    params: { range: '90d', limit: 5 },
    reads: each('product_id:id name:text sku:text units:count revenue:money'),
  },
  {
    screen: 'Figures: orders',
    as: 'manager',
    send: 'GET /admin/analytics/orders',
    params: { range: '30d' },
    reads:
      'by_status.CREATED:count by_status.DELIVERED:count by_slot[].slot_id:id by_slot[].date:date ' +
      'by_slot[].orders:count by_slot[].capacity:count? canceled_rate:number average_items:number',
  },
  {
    screen: 'Figures: stock',
    as: 'manager',
    send: 'GET /admin/analytics/inventory',
    params: { branchId: ':warehouse' },
    reads:
      'stock_value:money units:count low_stock:count out_of_stock:count turnover[].product_id:id turnover[].name:text ' +
      'turnover[].units_sold:count turnover[].days_of_stock:number?',
  },
];
