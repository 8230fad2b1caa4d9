import { type Customer, confirm, delivery, fillCart, newCustomer } from './customer.ts';
import { makePaymentToken, makeProduct, makeStock, signInAs } from './factories.ts';
import type { Shop, ShopResponse } from './shop.ts';
import { standardShop } from './standard-shop.ts';

/** A shop whose orders are authorised at confirm and captured at READY, and what tests do with them. */
export async function authorizingShop(shop: Shop) {
  const goods = await standardShop(shop);
  const slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
  await shop.sql('update delivery_slots set capacity = null');
  await shop.sql(`update settings set payment_mode = 'AUTHORIZE', delivery_fee = 5`);
  const { token: admin } = await signInAs(shop, 'ADMIN');

  /** Two lines of 2 × 10.00 and 1 × 7.50, delivered for 5.00: 32.50. */
  async function basket(card = 'tok_approve_1', who?: Customer) {
    const customer = who ?? (await newCustomer(shop, { providerToken: card }));
    const products = [await makeProduct(shop, { price: '10.00' }), await makeProduct(shop, { price: '7.50' })] as const;
    for (const productId of products) await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 9 });
    const cartId = await fillCart(shop, customer, [
      [products[0], 2],
      [products[1], 1],
    ]);
    const key = crypto.randomUUID() as string;
    const buy = (terms = {}) => confirm(shop, customer, { ...delivery(cartId, slotId), ...terms }, { key });
    return { customer, products, cartId, key, buy };
  }

  async function ordered(card?: string, who?: Customer) {
    const bought = await basket(card, who);
    const answer = await bought.buy();
    if (answer.status !== 201) throw new Error(answer.text);
    return { ...bought, id: answer.body.data.order_id as number, number: answer.body.data.order_number as string };
  }

  const move = (id: number, status: string): Promise<ShopResponse> =>
    shop.request('PATCH', `/ops/orders/${id}/status`, { token: admin, body: { status } });

  /** The first `missing` lines are missing, the others are picked. */
  async function pick(id: number, { missing = 0 } = {}): Promise<void> {
    const { items } = (await shop.request('GET', `/ops/orders/${id}`, { token: admin })).body.data;
    const lines = [...items].sort((a, b) => a.id - b.id);
    for (const [index, item] of lines.entries()) {
      const path = `/ops/orders/${id}/items/${item.id}/picked-status`;
      const body = { picked_status: index < missing ? 'MISSING' : 'PICKED' };
      const { status, text } = await shop.request('PATCH', path, { token: admin, body });
      if (status !== 200) throw new Error(text);
    }
    if (missing > 0) await move(id, 'MISSING');
  }

  return {
    admin,
    goods,
    slotId,
    basket,
    ordered,
    move,
    pick,
    orderOf: async (customer: Customer, id: number) =>
      (await shop.request('GET', `/orders/${id}`, { token: customer.token })).body?.data as Record<string, any>,
    paymentOf: async (id: number) =>
      (await shop.sql('select * from payments where order_id = $1', [id]))[0] as Record<string, any>,
    /** Saves another card of the customer. */
    anotherCard: (customer: Customer, providerToken = 'tok_approve_2') =>
      makePaymentToken(shop, { userId: customer.id, providerToken, isDefault: false }),
    payWith: (customer: Customer, id: number, cardId: number, key: string = crypto.randomUUID()) =>
      shop.request('POST', `/orders/${id}/payment`, {
        token: customer.token,
        headers: { 'Idempotency-Key': key },
        body: { payment_token_id: cardId },
      }),
    alertsOf: async (id: number): Promise<string[]> =>
      (await shop.request('GET', '/ops/alerts', { token: admin })).body.data
        .filter((alert: any) => alert.order_id === id)
        .map((alert: any) => alert.type),
    /** The jobs that run every five minutes. */
    runJobs: () => shop.scheduled('*/5 * * * *'),
    /** The bank lets go of the money in so many hours; the window of the order begins later. */
    lapseIn: (id: number, hours: number, windowInHours = 240) =>
      shop.sql(
        `with payment as (
           update payments set capture_before = now() + make_interval(mins => ($2::numeric * 60)::int) where order_id = $1
         )
         update orders set window_start = now() + make_interval(mins => ($3::numeric * 60)::int),
           window_end = now() + make_interval(mins => ($3::numeric * 60)::int + 120) where id = $1`,
        [id, hours, windowInHours],
      ),
  };
}

export type AuthorizingShop = Awaited<ReturnType<typeof authorizingShop>>;
