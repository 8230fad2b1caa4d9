import { type Customer, newCustomer } from './customer.ts';
import type { Shop } from './shop.ts';
import type { StripeAccount } from './stripe-account.ts';

/** The bindings of a shop that takes payments with this Stripe account. */
export const stripeEnv = ({ url, keys }: StripeAccount) => ({
  PAYMENT_PROVIDERS: 'mockpay,stripe',
  STRIPE_SECRET_KEY: keys.secret_key,
  STRIPE_WEBHOOK_SECRET: keys.webhook_secret,
  STRIPE_PUBLISHABLE_KEY: keys.publishable_key,
  STRIPE_API_URL: url,
});

/** A customer who entered a test card at Stripe and saved it, as a storefront does it. */
export async function stripeCustomer(shop: Shop, account: StripeAccount, card = 'pm_card_visa'): Promise<Customer> {
  const customer = await newCustomer(shop);
  const { token } = customer;
  const setup = await shop.request('POST', '/me/payment-tokens/setup', { token, body: { provider: 'stripe' } });
  if (setup.status !== 201) throw new Error(setup.text);
  const [row] = await shop.sql<{ reference: string }>('select reference from provider_customers where user_id = $1', [
    customer.id,
  ]);
  const method = await account.stripe.paymentMethods.attach(card, { customer: row!.reference });
  const saved = await shop.request('POST', '/me/payment-tokens', {
    token,
    body: { provider: 'stripe', provider_token: method.id, is_default: true },
  });
  if (saved.status !== 201) throw new Error(saved.text);
  return { ...customer, cardId: saved.body.data.id };
}

/** Posts what Stripe's webhook endpoint would get. */
export const postWebhook = (shop: Shop, delivery: { body: string; signature: string }, provider = 'stripe') =>
  shop.request('POST', `/webhooks/payments/${provider}`, {
    rawBody: delivery.body,
    headers: { 'content-type': 'application/json', 'stripe-signature': delivery.signature },
  });
