import { inject } from 'vitest';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../customer.ts';
import { makeProduct, makeStock, makeUser, signInAs } from '../factories.ts';
import { stripeAccount } from '../stripe-account.ts';
import { stripeEnv } from '../stripe-shop.ts';
import { challengeOf, codeOf, memberWithTotp, setUpTotp } from '../totp.ts';
import type { Calls, GoodCall, World } from './call.ts';

/** A basket that can be confirmed. */
async function readyToPay({ shop, goods }: World, customer: Customer) {
  const productId = await makeProduct(shop);
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 5 });
  const slot = goods.slots.find((one) => one.branch_id === goods.warehouseId)!;
  return { cartId: await fillCart(shop, customer, [[productId, 1]]), slotId: slot.id };
}

const product = ({ goods }: World): GoodCall => ({ params: { id: goods.products[0]!.id } });
const newEmail = () => `${crypto.randomUUID()}@example.com`;

async function login({ shop }: World) {
  const { email, password } = await makeUser(shop);
  const { body } = await shop.request('POST', '/auth/login', { body: { email, password } });
  return { email, password, ...body.data } as Record<'email' | 'password' | 'access_token' | 'refresh_token', string>;
}

const signedIn = async ({ shop }: World) => ({ token: (await signInAs(shop)).token });

/** Those that nobody needs to be signed in for, and those of signing in. */
export const publicCalls: Calls = {
  'POST /auth/register': () => ({ body: { email: newEmail(), password: 'Carmel-2026', full_name: 'Dana Levi' } }),
  'POST /auth/login': async ({ shop }) => {
    const { email, password } = await makeUser(shop);
    return { body: { email, password }, trips: 2 };
  },
  'POST /auth/login/totp': async ({ shop }) => {
    const member = await memberWithTotp(shop);
    return { body: { challenge: await challengeOf(shop, member), recovery_code: member.recoveryCodes[0] }, trips: 2 };
  },
  'POST /auth/totp/setup': async ({ shop }) => ({ token: (await signInAs(shop, 'EMPLOYEE')).token }),
  'POST /auth/totp/verify': async ({ shop }) => {
    const { token } = await signInAs(shop, 'EMPLOYEE');
    return { token, body: { code: codeOf(await setUpTotp(shop, token)) }, trips: 2 };
  },
  'DELETE /auth/totp': async ({ shop }) => {
    const { token, password, recoveryCodes } = await memberWithTotp(shop);
    return { token, body: { password, recovery_code: recoveryCodes[0] }, trips: 2 };
  },
  'GET /auth/me': signedIn,
  'POST /auth/refresh': async (world) => ({ body: { refresh_token: (await login(world)).refresh_token } }),
  'POST /auth/logout': signedIn,
  'POST /auth/logout-all': signedIn,
  'POST /auth/change-password': async (world) => {
    const { access_token, password } = await login(world);
    return { token: access_token, body: { current_password: password, new_password: 'Carmel-2027' }, trips: 2 };
  },
  'POST /auth/forgot-password': async ({ shop }) => ({ body: { email: (await makeUser(shop)).email } }),
  'POST /auth/reset-password': async ({ shop }) => {
    const { email } = await makeUser(shop);
    const { body } = await shop.request('POST', '/auth/forgot-password', { body: { email } });
    return { body: { email, token: body.data.reset_token, new_password: 'Carmel-2027' } };
  },
  'POST /auth/register/send-otp': () => ({ body: { email: newEmail() } }),
  'POST /auth/register/verify-otp': async ({ shop }) => {
    const email = newEmail();
    const { body } = await shop.request('POST', '/auth/register/send-otp', { body: { email } });
    return { body: { email, code: body.data.code } };
  },
  'GET /auth/sessions': signedIn,
  'DELETE /auth/sessions/{id}': async (world) => {
    const { access_token: token } = await login(world);
    const { body } = await world.shop.request('GET', '/auth/sessions', { token });
    return { token, params: { id: body.data[0].id }, owned: true };
  },
  'GET /catalog/categories': () => ({}),
  'GET /catalog/categories/tree': () => ({}),
  'GET /catalog/categories/{id}/products': ({ goods }) => ({ params: { id: goods.categories.Dairy } }),
  'GET /catalog/products': () => ({ query: { q: 'milk', in_stock: true } }),
  'GET /catalog/products/search': () => ({ query: { q: 'milk' } }),
  'GET /catalog/products/featured': () => ({}),
  'GET /catalog/products/autocomplete': () => ({ query: { q: 'mi' } }),
  'GET /catalog/products/{id}': product,
  'GET /catalog/products/by-barcode/{gtin}': async ({ shop, goods }) => {
    await shop.sql(`update products set barcode = '4006381333931' where id = $1`, [goods.products[0]!.id]);
    // An id of nothing is no number of a bar code.
    return { params: { gtin: 4006381333931 }, absent: 400 };
  },
  'GET /catalog/products/{id}/reviews': product,
  'GET /branches': () => ({}),
  'GET /branches/delivery-source': () => ({}),
  'GET /store/delivery-check': () => ({ query: { postal_code: '6332101' } }),
  'GET /delivery-slots': () => ({}),
  'GET /store/shipping-info': () => ({}),
  'GET /store/payment-config': () => ({}),
  'POST /webhooks/payments/{provider}': async () => {
    const account = await stripeAccount(inject('stripeUrl'));
    await account.pay('pm_card_visa');
    const [delivery] = await account.deliveries();
    return {
      params: { provider: 'stripe' },
      rawBody: delivery!.body,
      headers: { 'stripe-signature': delivery!.signature },
      env: stripeEnv(account),
      // Whether it is known, and that it is now.
      trips: 2,
    };
  },
  'GET /payments/mockpay/actions/{key}': async (world) => {
    const customer = await newCustomer(world.shop, { providerToken: 'tok_action_required_1' });
    const { cartId, slotId } = await readyToPay(world, customer);
    const { body, status, text } = await confirm(world.shop, customer, delivery(cartId, slotId));
    if (status !== 202) throw new Error(text);
    // The outcome, what waited for it, and what the provider says of it now.
    return { params: { key: body.data.order_number }, query: { outcome: 'success' }, trips: 3 };
  },
};
