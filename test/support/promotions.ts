import { type Customer, fillCart, newCustomer } from './customer.ts';
import { signInAs } from './factories.ts';
import { type Bought, receiptOf } from './receipts.ts';
import { openShop, type ShopResponse } from './shop.ts';
import { standardShop } from './standard-shop.ts';

let made = 0;

/** A shop with a manager who makes promotions; each test switches its own off, so that none sees those of another. */
export async function promotingShop() {
  const shop = await openShop();
  const goods = await standardShop(shop);
  await shop.sql('update delivery_slots set capacity = null');
  const { token: manager } = await signInAs(shop, 'MANAGER');
  const slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;

  const post = (body: Record<string, unknown>): Promise<ShopResponse> =>
    shop.request('POST', '/admin/promotions', { token: manager, body: { name: `Promotion ${++made}`, ...body } });

  const change = (id: number, body: Record<string, unknown>): Promise<ShopResponse> =>
    shop.request('PATCH', `/admin/promotions/${id}`, { token: manager, body });

  async function promote(body: Record<string, unknown>): Promise<number> {
    const { status, text, body: answer } = await post(body);
    if (status !== 201) throw new Error(text);
    return answer.data.id;
  }

  const cartOf = async ({ token }: Customer) => (await shop.request('GET', '/cart', { token })).body.data;

  const enter = ({ token }: Customer, code: string): Promise<ShopResponse> =>
    shop.request('PUT', '/cart/coupon', { token, body: { code } });

  async function withCart(lines: [productId: number, quantity: number][], customer?: Customer) {
    const who = customer ?? (await newCustomer(shop));
    const cartId = await fillCart(shop, who, lines);
    const pickup = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId };
    const delivered = { cart_id: cartId, fulfillment_type: 'DELIVERY', delivery_slot_id: slotId };
    return { customer: who, cartId, pickup, delivered };
  }

  return {
    shop,
    goods,
    manager,
    slotId,
    post,
    change,
    promote,
    cartOf,
    enter,
    withCart,
    preview: ({ token }: Customer, terms: Record<string, unknown>) =>
      shop.request('POST', '/checkout/preview', { token, body: terms }),
    orderOf: async ({ customer, id }: Pick<Bought, 'customer' | 'id'>) =>
      (await shop.request('GET', `/orders/${id}`, { token: customer.token })).body.data,
    receipt: async ({ customer, id }: Pick<Bought, 'customer' | 'id'>) =>
      (await receiptOf(shop, customer.token, id)).body.data,
    switchAllOff: () => shop.sql('update promotions set is_active = false where is_active'),
  };
}

export type PromotingShop = Awaited<ReturnType<typeof promotingShop>>;

export const cents = (amount: string): number => Math.round(Number(amount) * 100);
