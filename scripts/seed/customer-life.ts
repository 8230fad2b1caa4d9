import type { Client } from 'pg';
import { DAY, HOUR, type LocalTime, timestampText } from './clock.ts';
import { insertRows, type Row } from './insert.ts';
import type { Order } from './orders.ts';
import { reviewTexts } from './people.ts';
import type { Random } from './random.ts';
import type { Shop } from './shop.ts';

/** Ratings: mostly good, few bad. */
const RATINGS = [5, 5, 5, 5, 5, 4, 4, 4, 4, 3, 3, 2, 1];
const OPEN_CART_EVERY = 5;

/** Reviews of delivered products, wishlists and open carts. */
export async function insertCustomerLife(client: Client, shop: Shop, orders: Order[], random: Random, now: LocalTime) {
  await insertRows(client, 'reviews', reviewRows(orders, random, now));
  await insertRows(client, 'wishlist_items', wishlistRows(shop, random, now));
  await insertCarts(client, shop, random, now);
}

function reviewRows(orders: Order[], random: Random, now: LocalTime): Row[] {
  const reviews = new Map<string, Row & { created_at: string }>();
  for (const order of orders) {
    const delivered = order.events.find((event) => event.status === 'DELIVERED');
    if (!delivered) continue;
    for (const { product } of order.lines.filter((line) => line.picked === 'PICKED')) {
      const key = `${order.customer.id}:${product.id}`;
      const at = delivered.at + random.integer(4 * HOUR, 4 * DAY);
      if (!random.chance(0.1) || at > now || reviews.has(key)) continue;
      const rating = random.pick(RATINGS);
      const [title, body] = random.pick(reviewTexts[rating] ?? []);
      const stamp = timestampText(at);
      const author = { product_id: product.id, user_id: order.customer.id };
      const review = { ...author, rating, title, body, verified_purchase: true, created_at: stamp, updated_at: stamp };
      reviews.set(key, review);
    }
  }
  const inOrder = [...reviews.values()].sort((a, b) => a.created_at.localeCompare(b.created_at));
  return inOrder.map((review, index) => ({ id: index + 1, ...review }));
}

function wishlistRows(shop: Shop, random: Random, now: LocalTime): Row[] {
  return shop.customers.flatMap((customer) => {
    if (!customer.isDemo && random.chance(0.5)) return [];
    const wanted = new Set(Array.from({ length: random.integer(3, 7) }, () => random.pick(shop.products).id));
    return [...wanted].map((productId) => {
      const at = now - random.integer(1, 30 * 24) * HOUR;
      return { user_id: customer.id, product_id: productId, created_at: timestampText(at) };
    });
  });
}

async function insertCarts(client: Client, shop: Shop, random: Random, now: LocalTime): Promise<void> {
  const owners = shop.customers.filter((customer, index) => !customer.isDemo && index % OPEN_CART_EVERY === 0);
  const carts: Row[] = [];
  const items: Row[] = [];
  for (const { id: userId } of owners) {
    const stamp = timestampText(now - random.integer(2, 40) * HOUR);
    const cartId = carts.length + 1;
    carts.push({ id: cartId, user_id: userId, status: 'ACTIVE', created_at: stamp, updated_at: stamp });
    const wanted = new Set(Array.from({ length: random.integer(2, 6) }, () => random.pick(shop.products).id));
    for (const productId of wanted) {
      items.push({ cart_id: cartId, product_id: productId, quantity: random.integer(1, 3), created_at: stamp });
    }
  }
  await insertRows(client, 'carts', carts);
  await insertRows(client, 'cart_items', items);
}
