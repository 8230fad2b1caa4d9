import { type Customer, confirm, fillCart, newCustomer } from './customer.ts';
import { makeProduct, makeStock } from './factories.ts';
import type { Shop, ShopResponse } from './shop.ts';
import type { StandardShop } from './standard-shop.ts';

/** A product with plenty of stock at both branches. */
export async function stockedProduct(
  shop: Shop,
  goods: StandardShop,
  options: Parameters<typeof makeProduct>[1],
): Promise<number> {
  const productId = await makeProduct(shop, options);
  for (const branchId of [goods.warehouseId, goods.storeId])
    await makeStock(shop, { productId, branchId, onHand: 10_000 });
  return productId;
}

export interface Bought {
  customer: Customer;
  id: number;
  total: string;
  items: { id: number; product_id: number; [field: string]: unknown }[];
}

/** An order as a customer makes it: by pickup or, with a slot, by delivery. */
export async function buy(
  shop: Shop,
  goods: StandardShop,
  lines: [productId: number, quantity: number][],
  {
    customer,
    slotId,
    ...terms
  }: { customer?: Customer; slotId?: number; use_credit?: boolean; branch_id?: number } = {},
): Promise<Bought> {
  const buyer = customer ?? (await newCustomer(shop));
  const cartId = await fillCart(shop, buyer, lines);
  const way =
    slotId === undefined
      ? { fulfillment_type: 'PICKUP', branch_id: goods.storeId }
      : { fulfillment_type: 'DELIVERY', delivery_slot_id: slotId };
  const { status, body, text } = await confirm(shop, buyer, { cart_id: cartId, ...way, ...terms });
  if (status !== 201) throw new Error(text);
  const id: number = body.data.order_id;
  const order = await shop.request('GET', `/orders/${id}`, { token: buyer.token });
  return { customer: buyer, id, total: body.data.total_paid, items: order.body.data.items };
}

export const receiptOf = (
  shop: Shop,
  token: string,
  orderId: number,
  options: { accept?: string; lang?: string; language?: string } = {},
): Promise<ShopResponse> =>
  shop.request('GET', `/orders/${orderId}/receipt`, {
    token,
    ...(options.lang && { query: { lang: options.lang } }),
    headers: {
      ...(options.accept && { accept: options.accept }),
      ...(options.language && { 'accept-language': options.language }),
    },
  });

/** Picks the lines as told, and makes the order READY. */
export async function pick(
  shop: Shop,
  token: string,
  { id, items }: Bought,
  outcomes: (Record<string, unknown> | undefined)[],
): Promise<void> {
  const call = async (path: string, body: unknown) => {
    const { status, text } = await shop.request('PATCH', path, { token, body });
    if (status !== 200) throw new Error(text);
  };
  for (const [index, { id: itemId }] of items.entries()) {
    const outcome = outcomes[index] ?? { picked_status: 'PICKED' };
    await call(`/ops/orders/${id}/items/${itemId}/picked-status`, outcome);
  }
  if (outcomes.some((outcome) => outcome?.picked_status === 'MISSING')) {
    await call(`/ops/orders/${id}/status`, { status: 'MISSING' });
  }
  await call(`/ops/orders/${id}/status`, { status: 'READY' });
}
