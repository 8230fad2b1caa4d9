import type { Customer } from './customer.ts';
import type { Shop, ShopResponse } from './shop.ts';

export type Wanted = [productId: number, quantity: number][];

/** What a customer does to change an order. */
export function amending(shop: Shop) {
  const orderOf = async (customer: Customer, id: number) =>
    (await shop.request('GET', `/orders/${id}`, { token: customer.token })).body.data as Record<string, any>;

  async function preview(
    customer: Customer,
    id: number,
    wanted: Wanted | undefined,
    terms: Record<string, unknown> = {},
  ): Promise<ShopResponse> {
    const version = terms.version ?? (await orderOf(customer, id)).version;
    const lines = wanted?.map(([product_id, quantity]) => ({ product_id, quantity }));
    return shop.request('POST', `/orders/${id}/amendments/preview`, {
      token: customer.token,
      body: { ...(lines && { lines }), ...terms, version },
    });
  }

  const confirm = (
    customer: Customer,
    id: number,
    amendmentId: number,
    { key = crypto.randomUUID() as string, ...body }: { key?: string; [field: string]: unknown } = {},
  ): Promise<ShopResponse> =>
    shop.request('POST', `/orders/${id}/amendments/${amendmentId}/confirm`, {
      token: customer.token,
      headers: { 'Idempotency-Key': key },
      ...(Object.keys(body).length > 0 && { body }),
    });

  /** Preview and confirm. */
  async function amend(customer: Customer, id: number, wanted: Wanted | undefined, terms = {}): Promise<ShopResponse> {
    const planned = await preview(customer, id, wanted, terms);
    if (planned.status !== 200) throw new Error(planned.text);
    return confirm(customer, id, planned.body.data.amendment_id);
  }

  return { orderOf, preview, confirm, amend };
}
