import { type ClientCall, each, list } from './call.ts';

const WAITING =
  'order_id:id order_number:text status:text urgency_rank:count urgency:text created_at:instant items_pending:count ' +
  'items_count:count items_summary:text customer_name:text customer_phone:text? total_amount:money ' +
  'fulfillment_type:text delivery_slot.start_time:clock delivery_slot.end_time:clock delivery_slot.date:date';
const LINE =
  'id:id product_id:id name:text sku:text quantity:count unit_price:money picked_status:text bin_location:text? ' +
  'replacement_product_id:id? replacement_name:text? product.name:text product.image_url:text? ' +
  'product.bin_location:text? product.description:string?';
const ORDER =
  'id:id order_number:text status:text total_amount:money refunded_amount:money fulfillment_type:text ' +
  `customer.full_name:text customer.phone:text? timeline[].status:text timeline[].at:instant ${each(LINE, 'items[]')}`;
const BATCH =
  'id:id status:text created_by:id orders[].order_id:id orders[].order_number:text pick_list[].product_id:id ' +
  'pick_list[].name:text pick_list[].sku:text pick_list[].bin_location:text? pick_list[].quantity:count ' +
  'pick_list[].lines[].order_id:id pick_list[].lines[].item_id:id pick_list[].lines[].quantity:count';
const SHELF =
  'id:id product_id:id branch_id:id branch_name:text product_name:text product_sku:text available_quantity:count ' +
  'reserved_quantity:count reorder_point:count';
const REQUEST =
  'id:id branch_id:id branch_name:text product_id:id product_name:text product_sku:text quantity:count ' +
  'request_type:text status:text reason:text? rejection_reason:text? actor_user_id:id created_at:instant';
const WANTED = { branch_id: ':warehouse', product_id: ':product', quantity: 40, request_type: 'ADD_QUANTITY' };

/** An employee's shift: orders that were just placed, one picked alone, one in a batch. */
export const floor: ClientCall[] = [
  {
    screen: 'Sign in',
    send: 'POST /auth/login',
    data: { email: 'picker@example.com', password: 'tall-Basket-3' },
    reads: 'user.role:text access_token:text',
    keep: { employeeToken: 'access_token' },
  },
  {
    screen: 'Orders',
    as: 'employee',
    send: 'GET /ops/orders',
    params: { branchId: ':warehouse', status: 'CREATED', dateFrom: '2020-01-01', dateTo: '2999-12-31', limit: 50 },
    reads: list(WAITING),
  },
  {
    screen: 'Alerts',
    as: 'employee',
    send: 'GET /ops/alerts',
    reads: each('id:text text:text type:text kind:text severity:text created_at:instant time:text'),
  },
  { screen: 'Order', as: 'employee', send: 'GET /ops/orders/:order', reads: ORDER, keep: { item: 'items[0].id' } },
  {
    screen: 'Order: picked, of a new order',
    as: 'employee',
    send: 'PATCH /ops/orders/:order/items/:item/picked-status',
    data: { picked_status: 'PICKED' },
    reads: ORDER,
    keep: { startedAs: 'status' },
  },
  {
    screen: 'Order: replaced',
    as: 'employee',
    send: 'PATCH /ops/orders/:order/items/:item/picked-status',
    data: { picked_status: 'REPLACED', replacement_product_id: ':otherProduct', reason: 'Shelf is empty' },
    reads: ORDER,
  },
  {
    screen: 'Order: damage',
    as: 'employee',
    send: 'POST /ops/orders/:order/items/:item/report-damage',
    data: { reason: 'Leaking', notes: '', quantity: 1 },
    status: 201,
    reads: 'reported:flag',
  },
  {
    screen: 'Order: done',
    as: 'employee',
    send: 'PATCH /ops/orders/:order/status',
    data: { status: 'READY' },
    reads: ORDER,
  },
  {
    screen: 'Batches: new',
    as: 'employee',
    send: 'POST /ops/batches',
    data: { order_ids: [':secondOrder'] },
    status: 201,
    reads: BATCH,
    keep: { batch: 'id', batchItem: 'pick_list[0].lines[0].item_id' },
  },
  { screen: 'Batches', as: 'employee', send: 'GET /ops/batches', params: { status: 'OPEN' }, reads: list(BATCH) },
  { screen: 'Batch', as: 'employee', send: 'GET /ops/batches/:batch', reads: `${BATCH} completed_at:instant?` },
  {
    screen: 'Batch: missing',
    as: 'employee',
    send: 'PATCH /ops/orders/:secondOrder/items/:batchItem/picked-status',
    data: { picked_status: 'MISSING', reason: null, replacement_product_id: null },
    reads: ORDER,
  },
  {
    screen: 'Batch: done',
    as: 'employee',
    send: 'POST /ops/batches/:batch/complete',
    data: null,
    reads: `${BATCH} completed_at:instant`,
  },
  {
    screen: 'Order: something is missing',
    as: 'employee',
    send: 'PATCH /ops/orders/:secondOrder/status',
    data: { status: 'MISSING' },
    reads: ORDER,
  },
  {
    screen: 'Stock',
    as: 'employee',
    send: 'GET /ops/inventory',
    params: { branchId: ':warehouse', q: 'milk', limit: 20, offset: 0 },
    reads: list(SHELF),
    keep: { shelf: '[0].id' },
  },
  {
    screen: 'Stock: count',
    as: 'employee',
    send: 'PATCH /ops/inventory/:shelf',
    data: { available_quantity: 90, reason: 'Count' },
    reads: SHELF,
  },
  {
    screen: 'Requests: new',
    as: 'employee',
    send: 'POST /ops/stock-requests',
    data: { ...WANTED, reason: 'Weekend' },
    status: 201,
    reads: REQUEST,
    keep: { request: 'id' },
  },
  {
    screen: 'Requests: new',
    as: 'employee',
    send: 'POST /stock-requests',
    data: { ...WANTED, quantity: 5 },
    status: 201,
    reads: REQUEST,
    keep: { otherRequest: 'id' },
  },
  {
    screen: 'Requests',
    as: 'employee',
    send: 'GET /ops/stock-requests',
    params: { branchId: ':warehouse', status: 'PENDING' },
    reads: list(REQUEST),
  },
  {
    screen: 'Requests: mine',
    as: 'employee',
    send: 'GET /stock-requests/my',
    params: { limit: 20 },
    reads: list(REQUEST),
  },
];

/** What a manager decides of that shift. */
export const supervision: ClientCall[] = [
  {
    screen: 'Sign in',
    send: 'POST /auth/login',
    data: { email: 'manager@example.com', password: 'tall-Basket-3' },
    reads: 'user.role:text access_token:text',
    keep: { managerToken: 'access_token' },
  },
  {
    screen: 'Floor',
    as: 'manager',
    send: 'GET /ops/performance',
    reads:
      'batchEfficiency:count livePickers:count activeOrders:count totalOrders:count pickedItems:count totalItems:count ' +
      'pickerWindowMinutes:count pickers[].user_id:id pickers[].name:text pickers[].items_picked:count',
  },
  {
    screen: 'Order: cancel what is missing altogether',
    as: 'manager',
    send: 'PATCH /ops/orders/:secondOrder/status',
    data: { status: 'CANCELED' },
    reads: ORDER,
  },
  {
    screen: 'Order: on its way',
    as: 'manager',
    send: 'PATCH /ops/orders/:order/status',
    data: { status: 'OUT_FOR_DELIVERY' },
    reads: ORDER,
  },
  {
    screen: 'Order: delivered',
    as: 'manager',
    send: 'PATCH /ops/orders/:order/status',
    data: { status: 'DELIVERED' },
    reads: ORDER,
  },
  {
    screen: 'Requests',
    as: 'manager',
    send: 'GET /stock-requests/admin',
    params: { status: 'PENDING', branchId: ':warehouse', limit: 50, offset: 0 },
    reads: list(`${REQUEST} requester:text reviewed_by:id? reviewed_at:instant?`),
  },
  { screen: 'Request', as: 'manager', send: 'GET /stock-requests/admin/:request', reads: `${REQUEST} requester:text` },
  {
    screen: 'Request: approve',
    as: 'manager',
    send: 'PATCH /stock-requests/admin/:request/resolve',
    data: { status: 'APPROVED', approved_quantity: 30, rejection_reason: null },
    reads: `${REQUEST} reviewed_by:id reviewed_at:instant`,
  },
  {
    screen: 'Requests: several',
    as: 'manager',
    send: 'PATCH /stock-requests/admin/bulk-review',
    data: { items: [{ request_id: ':otherRequest', status: 'REJECTED', rejection_reason: 'Enough there' }] },
    reads: 'results[].request_id:id results[].status:text results[].result:text',
  },
];
