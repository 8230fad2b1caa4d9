import { randomUUID } from 'node:crypto';
import { below, Caller, chance, type Figures, pause, pick } from './caller.ts';
import type { Stage } from './stage.ts';

/** An action repeated until the run ends. */
export type Action = () => Promise<void>;

/** An order confirmed to a customer, compared with the database at the end. */
export interface ConfirmedOrder {
  key: string;
  orderId: number;
  orderNumber: string;
}

/** Shops, previews, pays with any kind of card, retries after unknown outcomes, and sometimes cancels. */
export async function customer(
  stage: Stage,
  figures: Figures,
  number: number,
  confirmed: ConfirmedOrder[],
): Promise<Action> {
  const email = `customer${number}@soak.local`;
  const caller = new Caller(email, figures);
  await caller.signIn();
  const { rows: cards } = await stage.owner.query<{ id: number }>(
    'select t.id from payment_tokens t join users u on u.id = t.user_id where u.email = $1 order by t.id',
    [email],
  );
  return async () => {
    await caller.call('GET', `/catalog/products?limit=20&offset=${below(20)}`);
    const before = chance(0.2) ? (await caller.call<{ id: number }[]>('GET', '/orders?limit=1')).data?.[0] : undefined;
    if (before) await caller.call('POST', `/cart/from-order/${before.id}`);
    for (let lines = 1 + below(3); lines > 0; lines--) {
      await caller.call('POST', '/cart/items', { product_id: 1 + below(40), quantity: 1 + below(3) });
    }
    const cart = (await caller.call<{ id: number; items: unknown[] }>('GET', '/cart')).data;
    if (!cart || cart.items.length === 0) return pause(200);
    const terms = chance(0.75)
      ? { cart_id: cart.id, fulfillment_type: 'DELIVERY', delivery_slot_id: 1 + below(42) }
      : { cart_id: cart.id, fulfillment_type: 'PICKUP', branch_id: 1 + below(2) };
    await caller.call('POST', '/checkout/preview', terms);
    if (chance(0.15)) return pause(500);
    const card = chance(0.7) ? cards[0] : pick(cards);
    const orderId = await pay(stage, caller, { ...terms, payment_token_id: card?.id }, figures, confirmed);
    // Products that cannot be bought must not block the next purchase.
    if (!orderId && chance(0.5)) await caller.call('DELETE', '/cart');
    if (orderId && chance(0.2)) {
      const { status } = await caller.call('POST', `/orders/${orderId}/cancel`);
      if (status === 200) figures.count('canceled by customers');
    }
    await pause(150);
  };
}

interface Confirmed {
  order_id: number;
  order_number: string;
  /** With 202: the bank asks the customer first. */
  action?: object;
}

/** Retries with the same key until the outcome is known, as a storefront should. */
async function pay(
  stage: Stage,
  caller: Caller,
  terms: object,
  figures: Figures,
  confirmed: ConfirmedOrder[],
): Promise<number | undefined> {
  const key = randomUUID();
  for (let attempt = 0; attempt < 100; attempt++) {
    const { status, data, code } = await caller.call<Confirmed>('POST', '/checkout/confirm', terms, {
      'idempotency-key': key,
    });
    if (data?.action) {
      figures.count('asked by the bank');
      if (chance(0.8)) await stage.payments.settleAction(data.order_number, chance(0.7)).catch(() => {});
      await pause(300);
      continue;
    }
    if (data) {
      if (attempt > 0) figures.count('purchases after asking again');
      figures.count('purchases');
      confirmed.push({ key, orderId: data.order_id, orderNumber: data.order_number });
      return data.order_id;
    }
    if (status === 402) figures.count('declined');
    if (status !== 0 && status !== 503 && code !== 'IDEMPOTENCY_IN_PROGRESS') return undefined;
    await pause(800);
  }
  figures.count('purchases given up');
  return undefined;
}

interface StaffOrder {
  id: number;
  status: string;
  delivery: object | null;
  items: { id: number }[];
}

/** Picks orders and moves them along, including missing and replaced lines. */
export async function floor(figures: Figures): Promise<Action> {
  const manager = new Caller('manager@soak.local', figures);
  await manager.signIn();
  const move = async (id: number, status: string) => {
    const answer = await manager.call('PATCH', `/ops/orders/${id}/status`, { status });
    if (answer.status === 200) figures.count(`moved to ${status}`);
  };
  return async () => {
    const wanted = pick(['CREATED', 'IN_PROGRESS', 'MISSING', 'READY', 'OUT_FOR_DELIVERY']);
    const { data: rows } = await manager.call<{ order_id: number }[]>(
      'GET',
      `/ops/orders?status=${wanted}&limit=5&offset=${below(3)}`,
    );
    const row = rows && rows.length > 0 ? pick(rows) : undefined;
    if (!row) return pause(200);
    const { data: order } = await manager.call<StaffOrder>('GET', `/ops/orders/${row.order_id}`);
    if (!order) return;
    if (chance(0.08)) return move(order.id, 'CANCELED');
    if (order.status === 'CREATED') return move(order.id, 'IN_PROGRESS');
    if (order.status === 'READY') return move(order.id, order.delivery ? 'OUT_FOR_DELIVERY' : 'DELIVERED');
    if (order.status === 'OUT_FOR_DELIVERY') return move(order.id, 'DELIVERED');
    if (order.status === 'MISSING') return move(order.id, 'READY');
    for (const item of order.items) {
      const body = chance(0.8)
        ? { picked_status: 'PICKED' }
        : chance(0.5)
          ? { picked_status: 'MISSING' }
          : { picked_status: 'REPLACED', replacement_product_id: 1 + below(40) };
      await manager.call('PATCH', `/ops/orders/${order.id}/items/${item.id}/picked-status`, body);
    }
    // The first move is refused when lines are missing, the second otherwise.
    await move(order.id, 'READY');
    await move(order.id, 'MISSING');
  };
}

/** Switches between taking the money at confirm and reserving it, while orders are under way. */
export async function treasurer(figures: Figures): Promise<Action> {
  const admin = new Caller('admin@soak.local', figures);
  await admin.signIn();
  return async () => {
    const payment_mode = pick(['CHARGE', 'AUTHORIZE']);
    const { status } = await admin.call('PUT', '/admin/settings', { payment_mode });
    if (status === 200) figures.count(`switched to ${payment_mode}`);
    await pause(3_000);
  };
}

/** Schedules prices that begin and end while the others are selling. */
export async function pricer(figures: Figures): Promise<Action> {
  const manager = new Caller('manager@soak.local', figures);
  await manager.signIn();
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
  return async () => {
    const starts = below(3);
    const { status } = await manager.call('POST', '/admin/prices', {
      product_id: 1 + below(40),
      price: 1 + below(20),
      starts_at: inSeconds(starts),
      ...(chance(0.9) && { ends_at: inSeconds(starts + 1 + below(3)) }),
    });
    if (status === 201) figures.count('prices scheduled');
    await pause(300);
  };
}

/** Counts stock, corrects it and imports files while the others are selling. */
export async function stockroom(figures: Figures): Promise<Action> {
  const manager = new Caller('manager@soak.local', figures);
  await manager.signIn();
  return async () => {
    if (chance(0.2)) {
      const rows = Array.from({ length: 20 }, () => `${1 + below(40)},${1 + below(2)},${20 + below(100)}`);
      const form = new FormData();
      form.set('file', new File([`product_id,branch_id,available_quantity\n${rows.join('\n')}\n`], 'count.csv'));
      const { status } = await manager.call('POST', '/admin/inventory/bulk', form);
      if (status < 300 && status > 0) figures.count('files read in');
    } else {
      const id = 1 + below(80);
      const { data } = await manager.call<{ id: number; available_quantity: number }[]>(
        'GET',
        `/admin/inventory?product_id=${1 + below(40)}`,
      );
      const shelf = data?.[0];
      const body =
        shelf && chance(0.4)
          ? {
              available_quantity: 10 + below(60),
              expected_available_quantity: shelf.available_quantity,
              reason: 'count',
            }
          : { delta: below(40) - 10, reason: 'delivery' };
      const { status } = await manager.call('PATCH', `/admin/inventory/${shelf?.id ?? id}`, body);
      if (status === 200) figures.count('shelves corrected');
    }
    await pause(250);
  };
}
