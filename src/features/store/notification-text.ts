import type { OrderStatus } from '../../db/schema/orders.ts';

export const NOTIFICATION_TYPES = ['ORDER_STATUS', 'REFUND', 'REPLACEMENT', 'STOCK_REQUEST'] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

/** What the writers of notifications leave in a row, by type; a field that is missing is worded around. */
export interface NotificationData {
  order_number?: string | null;
  status?: string | null;
  fulfillment_type?: 'DELIVERY' | 'PICKUP' | null;
  amount?: string | null;
  currency?: string | null;
  reason?: string | null;
  product_name?: string | null;
  replacement_name?: string | null;
  quantity?: number | null;
  refund_amount?: string | number | null;
  rejection_reason?: string | null;
}

export interface NotificationText {
  title: string;
  body: string;
}

/** Title and body of a notification, for the person it is written to. */
export function notificationText(type: NotificationType, data: NotificationData): NotificationText {
  switch (type) {
    case 'ORDER_STATUS':
      return orderStatus(data);
    case 'REFUND':
      return refund(data);
    case 'REPLACEMENT':
      return replacement(data);
    case 'STOCK_REQUEST':
      return stockRequest(data);
  }
}

const order = ({ order_number }: NotificationData) => (order_number ? `order ${order_number}` : 'your order');
const asSubject = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const product = (name: string | null | undefined) => name ?? 'a product';
const amount = (value: string | number | null | undefined, currency: string | null | undefined) =>
  [typeof value === 'number' ? value.toFixed(2) : value, currency].filter(Boolean).join(' ');

const STATUS_TEXTS: Record<OrderStatus, (order: string, isPickup: boolean) => NotificationText> = {
  CREATED: (order) => ({
    title: 'Order received',
    body: `Thank you. We have received ${order} and will start on it soon.`,
  }),
  IN_PROGRESS: (order) => ({ title: 'Order being prepared', body: `We are putting ${order} together.` }),
  READY: (order, isPickup) =>
    isPickup
      ? { title: 'Order ready for pickup', body: `${asSubject(order)} is ready. Come and collect it.` }
      : { title: 'Order ready', body: `${asSubject(order)} is packed and waits for its delivery.` },
  OUT_FOR_DELIVERY: (order) => ({ title: 'Order on its way', body: `${asSubject(order)} is out for delivery.` }),
  DELIVERED: (order, isPickup) =>
    isPickup
      ? { title: 'Order collected', body: `${asSubject(order)} has been collected. Enjoy.` }
      : { title: 'Order delivered', body: `${asSubject(order)} has been delivered. Enjoy.` },
  CANCELED: (order) => ({ title: 'Order canceled', body: `${asSubject(order)} has been canceled.` }),
  DELAYED: (order) => ({ title: 'Order delayed', body: `${asSubject(order)} is taking longer than planned. Sorry.` }),
  MISSING: (order) => ({
    title: 'Some items are missing',
    body: `Some items of ${order} are missing from the shelves. We are looking into it.`,
  }),
};

const isStatus = (status: string | null | undefined): status is OrderStatus =>
  status != null && Object.hasOwn(STATUS_TEXTS, status);

function orderStatus(data: NotificationData): NotificationText {
  if (isStatus(data.status)) return STATUS_TEXTS[data.status](order(data), data.fulfillment_type === 'PICKUP');
  return { title: 'Order updated', body: `There is news of ${order(data)}.` };
}

const REFUND_REASONS: Record<string, string> = {
  CANCEL: 'because it was canceled',
  MISSING: 'for items we did not have',
  REPLACEMENT: 'for a replacement that costs less',
  DAMAGE: 'for damaged items',
};

function refund(data: NotificationData): NotificationText {
  const what = data.amount ? `${amount(data.amount, data.currency)} of` : 'The payment for';
  const reason = REFUND_REASONS[data.reason ?? ''];
  const cause = reason ? ` ${reason}` : '';
  return { title: 'Refund on its way', body: `${what} ${order(data)} will be paid back to you${cause}.` };
}

function replacement(data: NotificationData): NotificationText {
  const { product_name, replacement_name, quantity, refund_amount, currency } = data;
  const count = quantity ? `${quantity} × ` : '';
  const swap = `In ${order(data)} we replaced ${count}${product(product_name)} with ${product(replacement_name)}.`;
  const difference =
    Number(refund_amount) > 0 ? ` The difference of ${amount(refund_amount, currency)} is refunded.` : '';
  return { title: 'Item replaced', body: swap + difference };
}

function stockRequest(data: NotificationData): NotificationText {
  const { status, product_name, quantity, rejection_reason } = data;
  const name = product(product_name);
  if (status === 'APPROVED') {
    const count = quantity == null ? '' : ` with a quantity of ${quantity}`;
    return { title: 'Stock request approved', body: `Your request for ${name} was approved${count}.` };
  }
  const why = rejection_reason ? `: ${rejection_reason}` : '.';
  return { title: 'Stock request rejected', body: `Your request for ${name} was rejected${why}` };
}
