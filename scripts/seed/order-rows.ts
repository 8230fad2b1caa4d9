import type { Client } from 'pg';
import { dateText, dayOf, type LocalTime, MINUTE, shopTimeZone, timestampText } from './clock.ts';
import { insertRows, type Row } from './insert.ts';
import type { Order, OrderLine } from './orders.ts';
import { discountOf, insertOrderDiscounts } from './promotions.ts';

const FREE_DELIVERY_FROM = 150_00;
const DELIVERY_FEE = 30_00;
const CURRENCY = 'ILS';

const money = (agorot: number) => (agorot / 100).toFixed(2);
const stampOrNull = (time: LocalTime | undefined) => (time === undefined ? null : timestampText(time));
const stampOf = (order: Order, status: string) => stampOrNull(order.events.findLast((e) => e.status === status)?.at);
const lastEventOf = (order: Order) => order.events.at(-1) ?? { status: 'CREATED', at: order.placedAt };
const costOf = (order: Order, line: OrderLine) => line.product.price * line.quantity - discountOf(order, line);
const goodsOf = (order: Order) => order.lines.reduce((sum, line) => sum + costOf(order, line), 0);
const feeOf = (order: Order) => (order.slot && goodsOf(order) < FREE_DELIVERY_FROM ? DELIVERY_FEE : 0);
const depositsOf = (order: Order) => order.lines.reduce((sum, line) => sum + line.product.deposit * line.quantity, 0);
const totalOf = (order: Order) => goodsOf(order) + feeOf(order) + depositsOf(order);
const numberOf = (order: Order) =>
  `MS-${timestampText(order.placedAt).slice(2, 10).replaceAll('-', '')}-${String(order.id).padStart(5, '0')}`;

/** Orders with their lines, payments, refunds and timelines. Line ids follow the order of the orders. */
export async function insertOrders(client: Client, orders: Order[]): Promise<void> {
  await insertRows(client, 'orders', orders.map(orderRow));
  const items = orders.flatMap((order) => order.lines.map((line) => ({ order, line })));
  const itemRows = items.map(({ order, line }, index) => itemRow(order, line, index + 1));
  await insertRows(client, 'order_items', itemRows);
  await client.query(
    'update order_items i set age_restricted = p.age_restricted from products p where p.id = i.product_id and p.age_restricted is not null',
  );
  await insertOrderDiscounts(client);
  await insertRows(client, 'payments', orders.map(paymentRow));
  const refunds = items.flatMap(({ order, line }, index) => lineRefund(order, line, index + 1));
  await insertRows(client, 'refunds', refundRows([...refunds, ...orders.flatMap(cancelRefund)]));
  const events = orders.flatMap((order) => order.events.map((event) => ({ order, event })));
  events.sort((a, b) => a.event.at - b.event.at);
  await insertRows(
    client,
    'order_events',
    events.map(({ order, event: { status, at, actorId } }) => {
      return { order_id: order.id, status, actor_user_id: actorId, at: timestampText(at) };
    }),
  );
}

function orderRow(order: Order): Row {
  const last = lastEventOf(order);
  return {
    id: order.id,
    order_number: numberOf(order),
    user_id: order.customer.id,
    status: last.status,
    status_before_delay: last.status === 'DELAYED' ? order.events.at(-2)?.status : null,
    fulfillment_type: order.slot ? 'DELIVERY' : 'PICKUP',
    branch_id: order.branchId,
    goods_total: money(goodsOf(order)),
    delivery_fee: money(feeOf(order)),
    deposit_total: money(depositsOf(order)),
    total_amount: money(totalOf(order)),
    currency: CURRENCY,
    time_zone: shopTimeZone,
    delivery_address: order.slot ? order.customer.address : null,
    delivery_slot_id: order.slot?.id ?? null,
    delivery_date: order.slot ? dateText(dayOf(order.windowStart)) : null,
    window_start: timestampText(order.windowStart),
    window_end: timestampText(order.windowEnd),
    placed_at: timestampText(order.placedAt),
    delivered_at: stampOf(order, 'DELIVERED'),
    canceled_at: stampOf(order, 'CANCELED'),
    created_at: timestampText(order.placedAt - 2),
    updated_at: timestampText(last.at),
  };
}

function itemRow(order: Order, line: OrderLine, id: number): Row {
  const { product, quantity, picked, pickedAt, replacement } = line;
  return {
    id,
    order_id: order.id,
    product_id: product.id,
    name: product.name,
    sku: product.sku,
    unit: product.unit,
    image_url: product.imageUrl,
    unit_price: money(product.price),
    quantity,
    discount: money(discountOf(order, line)),
    tax_class: product.taxClass,
    deposit: product.deposit > 0 ? money(product.deposit) : null,
    picked_status: picked,
    picked_reason: picked === 'MISSING' ? 'Not on the shelf' : picked === 'REPLACED' ? 'Damaged packaging' : null,
    picked_by: picked === 'PENDING' ? null : order.pickerId,
    picked_at: stampOrNull(pickedAt),
    replacement_product_id: replacement?.id ?? null,
    replacement_name: replacement?.name ?? null,
    replacement_unit_price: replacement ? money(Math.min(replacement.price, product.price)) : null,
    replacement_sku: replacement?.sku ?? null,
    replacement_tax_class: replacement?.taxClass ?? null,
    replacement_deposit: replacement ? money(Math.min(replacement.deposit, product.deposit)) : null,
  };
}

/** An order has one payment, so both have the same id. */
function paymentRow(order: Order): Row {
  return {
    id: order.id,
    order_id: order.id,
    payment_token_id: order.customer.paymentTokenId,
    provider: 'mockpay',
    idempotency_key: numberOf(order),
    amount: money(totalOf(order)),
    currency: CURRENCY,
    status: 'CAPTURED',
    reference: `mockpay_${numberOf(order)}`,
    refunded_amount: '0.00',
    check_count: 0,
    captured_at: timestampText(order.placedAt),
    created_at: timestampText(order.placedAt - 2),
  };
}

interface Refund {
  order: Order;
  itemId: number | null;
  amount: number;
  reason: string;
  at: LocalTime;
}

function cancelRefund(order: Order): Refund[] {
  const canceled = order.events.find((event) => event.status === 'CANCELED');
  return canceled ? [{ order, itemId: null, amount: totalOf(order), reason: 'CANCEL', at: canceled.at }] : [];
}

/** Missing lines and cheaper replacements are refunded once the order is ready. */
function lineRefund(order: Order, line: OrderLine, itemId: number): Refund[] {
  const { product, quantity, picked, replacement } = line;
  const ready = order.events.find((event) => event.status === 'READY');
  if (!ready) return [];
  if (picked === 'MISSING')
    return [
      { order, itemId, amount: costOf(order, line) + product.deposit * quantity, reason: 'MISSING', at: ready.at },
    ];
  const lower = (kind: 'price' | 'deposit') => Math.max(product[kind] - (replacement?.[kind] ?? product[kind]), 0);
  const saved = (lower('price') + lower('deposit')) * quantity;
  return saved > 0 ? [{ order, itemId, amount: saved, reason: 'REPLACEMENT', at: ready.at }] : [];
}

function refundRows(refunds: Refund[]): Row[] {
  refunds.sort((a, b) => a.at - b.at);
  return refunds.map(({ order, itemId, amount, reason, at }, index) => ({
    id: index + 1,
    order_id: order.id,
    payment_id: order.id,
    order_item_id: itemId,
    amount: money(amount),
    reason,
    status: 'SUCCEEDED',
    reference: `mockpay_refund_${index + 1}`,
    attempts: 1,
    next_attempt_at: timestampText(at),
    created_at: timestampText(at),
    settled_at: timestampText(at + MINUTE),
  }));
}
