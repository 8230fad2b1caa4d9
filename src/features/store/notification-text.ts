import type { FulfillmentType, NotificationType } from '../../db/schema/words.ts';
import { ORDER_STATUSES, STATUSES, type Wording } from '../orders/statuses.ts';

/** The data fields of a notification by type; all are optional, and the text adapts to missing ones. */
export interface NotificationData {
  order_number?: string | null;
  status?: string | null;
  fulfillment_type?: FulfillmentType | null;
  amount?: string | null;
  currency?: string | null;
  reason?: string | null;
  product_name?: string | null;
  replacement_name?: string | null;
  quantity?: number | null;
  refund_amount?: string | number | null;
  rejection_reason?: string | null;
  credit_amount?: string | null;
}

/** Title and body of a notification for its recipient. */
export function notificationText(type: NotificationType, data: NotificationData): Wording {
  switch (type) {
    case 'ORDER_STATUS':
      return orderStatus(data);
    case 'REFUND':
      return refund(data);
    case 'REPLACEMENT':
      return replacement(data);
    case 'PROPOSAL':
      return proposal(data);
    case 'STOCK_REQUEST':
      return stockRequest(data);
    case 'CLAIM':
      return claim(data);
    case 'CREDIT':
      return credit(data);
    case 'AMENDMENT':
      return { title: 'Order changed', body: `We have changed ${order(data)} as you asked.` };
    case 'PAYMENT':
      return {
        title: 'Payment needed',
        body: `Your card did not cover ${order(data)}. Choose another card, or we have to cancel it.`,
      };
  }
}

const order = ({ order_number }: NotificationData) => (order_number ? `order ${order_number}` : 'your order');
const product = (name: string | null | undefined) => name ?? 'a product';
const amount = (value: string | number | null | undefined, currency: string | null | undefined) =>
  [typeof value === 'number' ? value.toFixed(2) : value, currency].filter(Boolean).join(' ');

function orderStatus(data: NotificationData): Wording {
  const status = ORDER_STATUSES.find((one) => one === data.status);
  if (status) return STATUSES[status].notification(order(data), data.fulfillment_type ?? 'DELIVERY');
  return { title: 'Order updated', body: `There is news of ${order(data)}.` };
}

const REFUND_REASONS: Record<string, string> = {
  CANCEL: 'because it was canceled',
  MISSING: 'for items we did not have',
  WEIGHT: 'for items that weighed less',
  REPLACEMENT: 'for a replacement that costs less',
  DAMAGE: 'for damaged items',
  CLAIM: 'for what you complained about',
  AMENDMENT: 'for what you took out of it',
};

function refund(data: NotificationData): Wording {
  const what = data.amount ? `${amount(data.amount, data.currency)} of` : 'The payment for';
  const reason = REFUND_REASONS[data.reason ?? ''];
  const cause = reason ? ` ${reason}` : '';
  if (Number(data.credit_amount) > 0 && data.credit_amount === data.amount) {
    return { title: 'Store credit added', body: `${what} ${order(data)} is now store credit of yours${cause}.` };
  }
  return { title: 'Refund on its way', body: `${what} ${order(data)} will be paid back to you${cause}.` };
}

function replacement(data: NotificationData): Wording {
  const { product_name, replacement_name, quantity, refund_amount, currency } = data;
  const count = quantity ? `${quantity} × ` : '';
  const swap = `In ${order(data)} we replaced ${count}${product(product_name)} with ${product(replacement_name)}.`;
  const difference =
    Number(refund_amount) > 0 ? ` The difference of ${amount(refund_amount, currency)} is refunded.` : '';
  return { title: 'Item replaced', body: swap + difference };
}

function proposal(data: NotificationData): Wording {
  const count = data.quantity ? `${data.quantity} × ` : '';
  const offer = `We do not have ${product(data.product_name)} of ${order(data)}. Shall we give you ${count}${product(data.replacement_name)}?`;
  return { title: 'Your answer, please', body: offer };
}

function stockRequest(data: NotificationData): Wording {
  const { status, product_name, quantity, rejection_reason } = data;
  const name = product(product_name);
  if (status === 'APPROVED') {
    const count = quantity == null ? '' : ` with a quantity of ${quantity}`;
    return { title: 'Stock request approved', body: `Your request for ${name} was approved${count}.` };
  }
  const why = rejection_reason ? `: ${rejection_reason}` : '.';
  return { title: 'Stock request rejected', body: `Your request for ${name} was rejected${why}` };
}

function claim(data: NotificationData): Wording {
  const about = `your claim about ${order(data)}`;
  const note = data.reason ? ` The shop says: ${data.reason}` : '';
  const money = `${amount(data.amount, data.currency)} will be paid back.`;
  if (data.status === 'APPROVED') return { title: 'Claim approved', body: `We accept ${about}. ${money}${note}` };
  if (data.status === 'PARTLY_APPROVED') {
    return { title: 'Claim approved in part', body: `We accept ${about} in part. ${money}${note}` };
  }
  return { title: 'Claim declined', body: `We are sorry, we do not accept ${about}.${note}` };
}

function credit(data: NotificationData): Wording {
  const value = String(data.amount ?? '');
  const why = data.reason ? `: ${data.reason}` : '.';
  if (value.startsWith('-')) {
    return { title: 'Store credit taken back', body: `${amount(value.slice(1), data.currency)} was taken back${why}` };
  }
  return { title: 'Store credit added', body: `You have ${amount(value, data.currency)} more store credit${why}` };
}
