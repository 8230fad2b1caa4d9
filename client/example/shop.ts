// Registers a customer, shops, pays and follows the order. Needs `npm run dev`; then `npm run example -w client`.
import { createClient, unwrap } from '../src/index.ts';

const api = createClient({ baseUrl: process.env.API_URL ?? 'http://localhost:8787' });

const email = `dana.${Date.now()}@example.com`;
const registration = { email, password: 'Carmel-2026', full_name: 'Dana Levi', phone: '+972501234567' };
const { data: session } = unwrap(await api.POST('/api/v1/auth/register', { body: registration }));
await api.sessions.save(session);
console.log(`Registered ${session.user.full_name}, ${email}`);

const { data: found } = unwrap(
  await api.GET('/api/v1/catalog/products', { params: { query: { q: 'milk', in_stock: true, limit: 3 } } }),
);
let { data: cart } = unwrap(await api.GET('/api/v1/cart'));
for (const { id, name, price } of found) {
  ({ data: cart } = unwrap(await api.POST('/api/v1/cart/items', { body: { product_id: id, quantity: 2 } })));
  console.log(`2 × ${name} at ${price}`);
}

const { data: source } = unwrap(await api.GET('/api/v1/branches/delivery-source'));
const { data: slots } = unwrap(
  await api.GET('/api/v1/delivery-slots', { params: { query: { branch_id: source.id } } }),
);
const slot = slots.find(({ remaining }) => remaining === null || remaining > 0);
if (!slot) throw new Error('Every delivery slot is full.');

const terms = {
  cart_id: cart.id,
  fulfillment_type: 'DELIVERY',
  delivery_slot_id: slot.id,
  delivery_date: slot.next_date,
  address: '12 Herzl Street, Haifa',
} as const;
const { data: preview } = unwrap(await api.POST('/api/v1/checkout/preview', { body: terms }));
console.log(`${preview.total_amount} ${preview.currency}, held until ${preview.reserved_until}`);

const card = { provider: 'mockpay', card_number: '4242 4242 4242 4242', exp_month: 12, exp_year: 2040 } as const;
const { data: saved } = unwrap(await api.POST('/api/v1/me/payment-tokens', { body: card }));
const { data: placed } = unwrap(
  await api.POST('/api/v1/checkout/confirm', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { ...terms, payment_token_id: saved.payment_token_id, expected_total: preview.total_amount },
  }),
);
// 202: the bank asks the customer first. Do what `action` says, then repeat the confirm with the same key.
if ('action' in placed) throw new Error(`The bank asks for ${placed.action.type}`);
console.log(`Paid ${placed.total_paid}: order ${placed.order_number}`);

const path = { id: placed.order_id };
const { data: order } = unwrap(await api.GET('/api/v1/orders/{id}', { params: { path } }));
console.log(`${order.status}, ${order.items_count} units, arriving from ${order.delivery?.slot_start}`);

const { data: canceled } = unwrap(await api.POST('/api/v1/orders/{id}/cancel', { params: { path } }));
console.log(`${canceled.status} at ${canceled.canceled_at}`);

const { data: again } = unwrap(
  await api.POST('/api/v1/cart/from-order/{order_id}', { params: { path: { order_id: placed.order_id } } }),
);
console.log(`The same again: ${again.cart.items.length} products in the cart, ${again.skipped.length} not to be had`);
