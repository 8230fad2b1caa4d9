import { randomUUID } from 'node:crypto';
import type pg from 'pg';

const LINES = 3;
/** As many as a cart may have. */
const MOST_LINES = 200;
const LIMITS = { branch_id: 1, max_quantity: 10_000, max_lines: MOST_LINES };
const DELIVERY = {
  fulfillment_type: 'DELIVERY',
  branch_id: 1,
  booking_days: 60,
  time_zone: 'Asia/Jerusalem',
};
const HOLD = { minutes: 10, renew_minutes: 60, pause_minutes: 10 };

/** A customer with a card, and the slot they book. */
export interface Shopper {
  userId: number;
  cardId: number;
  slotId: number;
  date: string;
}

/** Each books another slot in turn: in a shop, a slot has some dozens of orders, which are counted whenever it is booked. */
export async function shoppersOf(client: pg.Client): Promise<Shopper[]> {
  const { rows } = await client.query<Shopper>(`
    with cards as (select user_id, id, row_number() over (order by id) - 1 as place from payment_tokens),
    slots as (
      select id, slot_next_date(day_of_week, start_time, 'Asia/Jerusalem') + 7 * week as date,
        row_number() over (order by week, id) - 1 as place, count(*) over () as slots
      from delivery_slots, generate_series(0, 6) week where branch_id = 1
    )
    select c.user_id as "userId", c.id as "cardId", s.id as "slotId", s.date::text
    from cards c join slots s on s.place = c.place % s.slots order by c.id`);
  return rows;
}

/** The one row that a function answers, by the query that the Worker gives to `try_call`: its first argument names the caller. */
async function call<Row>(client: pg.Client, { userId }: Shopper, name: string, given: Record<string, unknown>) {
  const args = [
    'p_user_id => begin_as($1, $2)',
    ...Object.keys(given).map((key, index) => `p_${key} => $${index + 3}`),
  ];
  const text = `select * from ${name}(${args.join(', ')})`;
  const { rows } = await client.query(text, [userId, 'explained', ...Object.values(given)]);
  return rows[0] as Row;
}

/** Watches a step of a purchase. */
export type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Adds products to the cart, previews, and pays: each step as the Worker sends it. */
export async function buy(
  client: pg.Client,
  shopper: Shopper,
  { lines = LINES, step = (_, work) => work() }: { lines?: number; step?: Step } = {},
): Promise<void> {
  const { cardId: token_id, slotId: slot_id, date } = shopper;
  const add = (line: number) => {
    const change = { action: 'ADD', ...LIMITS, product_id: productId(line), quantity: 1 };
    return call<{ id: number }>(client, shopper, 'change_cart', change);
  };
  for (let line = 1; line < lines; line++) await add(line);
  const { id: cart_id } = await step('add to cart', () => add(lines));
  const terms = { cart_id, ...DELIVERY, slot_id, date };
  await step('preview', () => call(client, shopper, 'preview_checkout', { ...terms, ...HOLD }));
  const claim = { key: randomUUID(), fingerprint: 'same', attempt: randomUUID(), lease_seconds: 60 };
  const paid = {
    token_id,
    save_as_default: false,
    expected_total: null,
    address: '1 Road, Tel Aviv',
    address_id: null,
  };
  const { order_id } = await step('confirm, first batch', () => {
    const order = { ...terms, ...paid, order_number: `MS-${randomUUID()}`, ...claim };
    return call<{ order_id: number }>(client, shopper, 'place_order', order);
  });
  await step('confirm, second batch', () => {
    const capture = { order_id, reference: 'paid', mail_lease: '2 minutes' };
    return call(client, shopper, 'accept_payment', capture);
  });
}

/** Previews a full cart so many times, then empties it. @returns milliseconds from each statement to its commit: its locks */
export async function previewFullCart(client: pg.Client, shopper: Shopper, times: number): Promise<number[]> {
  const add = { action: 'ADD', ...LIMITS, product_id: productId(1), quantity: 1 };
  const { id: cart_id } = await call<{ id: number }>(client, shopper, 'change_cart', add);
  await client.query(
    `insert into cart_items (cart_id, product_id, quantity)
     select $1, id, 2 from products where id <> $2 and is_active order by id % 10, id limit $3`,
    [cart_id, add.product_id, MOST_LINES - 1],
  );
  const milliseconds: number[] = [];
  for (let n = 0; n < times; n++) {
    const started = performance.now();
    await call(client, shopper, 'preview_checkout', {
      cart_id,
      ...DELIVERY,
      ...HOLD,
      slot_id: shopper.slotId,
      date: shopper.date,
    });
    milliseconds.push(performance.now() - started);
  }
  await call(client, shopper, 'change_cart', { action: 'CLEAR', ...LIMITS });
  return milliseconds;
}

/** Among the first 1,800: the bulk seed makes 2,000 at least. */
const productId = (line: number) => 1 + Math.floor(Math.random() * 600) * LINES + line;
