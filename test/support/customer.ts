import { makeAddress, makePaymentToken, signInAs, type TestUser } from './factories.ts';
import type { Shop, ShopResponse } from './shop.ts';

/** A signed-in customer with an address and a card, who shops as a storefront would. */
export interface Customer extends TestUser {
  token: string;
  cardId: number;
}

export async function newCustomer(shop: Shop, { providerToken = 'tok_approve_1' } = {}): Promise<Customer> {
  const user = await signInAs(shop);
  const [cardId] = await Promise.all([
    makePaymentToken(shop, { userId: user.id, providerToken }),
    makeAddress(shop, { userId: user.id }),
  ]);
  return { ...user, cardId };
}

export const addToCart = (shop: Shop, customer: Customer, productId: number, quantity = 1): Promise<ShopResponse> =>
  shop.request('POST', '/cart/items', { token: customer.token, body: { product_id: productId, quantity } });

/** Fills the cart; answers its id. */
export async function fillCart(
  shop: Shop,
  customer: Customer,
  lines: [productId: number, quantity: number][],
): Promise<number> {
  let cartId = 0;
  for (const [productId, quantity] of lines) {
    const { body, status, text } = await addToCart(shop, customer, productId, quantity);
    if (status !== 201) throw new Error(text);
    cartId = body.data.id;
  }
  return cartId;
}

export const delivery = (cartId: number, slotId: number) => ({
  cart_id: cartId,
  fulfillment_type: 'DELIVERY',
  delivery_slot_id: slotId,
});

export const confirm = (
  shop: Shop,
  customer: Customer,
  terms: Record<string, unknown>,
  { key = crypto.randomUUID() as string, env }: { key?: string; env?: Record<string, string> } = {},
): Promise<ShopResponse> =>
  shop.request('POST', '/checkout/confirm', {
    token: customer.token,
    headers: { 'Idempotency-Key': key },
    body: { payment_token_id: customer.cardId, ...terms },
    ...(env && { env }),
  });
