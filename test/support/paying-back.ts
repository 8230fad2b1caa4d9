import type { Shop, ShopResponse } from './shop.ts';

/** Store credit as a manager would have given it. */
export const giveCredit = (shop: Shop, userId: number, amount: string) =>
  shop.sql(
    `insert into credit_entries (user_id, currency, amount, kind, reason) values ($1, 'ILS', $2, 'GRANT', 'A gift')`,
    [userId, amount],
  );

export async function balanceOf(shop: Shop, userId: number): Promise<string> {
  const [account] = await shop.sql<{ balance: string }>('select balance from credit_accounts where user_id = $1', [
    userId,
  ]);
  return account?.balance ?? '0.00';
}

export const askRefund = (
  shop: Shop,
  token: string,
  orderId: number,
  body: Record<string, unknown>,
  key: string = crypto.randomUUID(),
): Promise<ShopResponse> =>
  shop.request('POST', `/ops/orders/${orderId}/refunds`, {
    token,
    headers: { 'Idempotency-Key': key },
    body: { reason: 'Late', ...body },
  });

export const decideRefund = (shop: Shop, token: string, id: number, status = 'APPROVED'): Promise<ShopResponse> =>
  shop.request('PATCH', `/admin/refunds/${id}`, { token, body: { status } });

interface ClaimedUnits {
  item_id: number | undefined;
  quantity?: number;
  problem?: string;
  note?: string;
}

export const fileClaim = (
  shop: Shop,
  token: string,
  orderId: number,
  items: ClaimedUnits[],
  wanted = 'REFUND',
): Promise<ShopResponse> =>
  shop.request('POST', `/orders/${orderId}/claims`, {
    token,
    body: { items: items.map((item) => ({ quantity: 1, problem: 'DAMAGED', ...item })), wanted },
  });

export const decideClaim = (
  shop: Shop,
  token: string,
  id: number,
  decisions: { item_id: number | undefined; quantity: number; approve: boolean }[],
  note?: string,
): Promise<ShopResponse> => shop.request('PATCH', `/ops/claims/${id}`, { token, body: { decisions, note } });

export const setSettings = (shop: Shop, settings: Record<string, unknown>) =>
  Promise.all(Object.entries(settings).map(([name, value]) => shop.sql(`update settings set ${name} = $1`, [value])));
