import Stripe from 'stripe';
import type { AccountKeys, SeenRequest } from './fake-stripe/account.ts';
import type { Books } from './fake-stripe/books.ts';
import type { Orders } from './fake-stripe/control.ts';
import type { Fault } from './fake-stripe/faults.ts';
import type { Delivery } from './fake-stripe/webhooks.ts';

/** What the package needs to talk to the stand-in instead of Stripe. */
export function stripeConfig(stripeUrl: string) {
  const { hostname, port } = new URL(stripeUrl);
  return { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false } as const;
}

/** The error a request ends with; one that succeeds fails the test. */
export const refusal = (request: Promise<unknown>): Promise<Stripe.errors.StripeError> =>
  request.then(
    () => Promise.reject(new Error('It was not refused')),
    (error) => error,
  );

/** A test's own account at the stand-in for Stripe, with the official client for it. */
export async function stripeAccount(stripeUrl: string) {
  let keys: AccountKeys | undefined;
  async function order<T>(name: keyof Orders, body: object): Promise<T> {
    const response = await fetch(`${stripeUrl}/_control/${name}`, {
      method: 'POST',
      headers: keys === undefined ? {} : { authorization: `Bearer ${keys.secret_key}` },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as any;
    if (!response.ok) throw new Error(`${name}: ${answer.error}`);
    return answer;
  }
  const opened = await order<AccountKeys>('open', {});
  keys = opened;
  const httpClient = Stripe.createFetchHttpClient();
  const stripe = new Stripe(opened.secret_key, { ...stripeConfig(stripeUrl), httpClient });
  return {
    url: stripeUrl,
    keys: opened,
    stripe,
    /** Pays 100.00 with a card, unless the terms say otherwise. */
    pay: (card: string, terms: Partial<Stripe.PaymentIntentCreateParams> = {}, options: Stripe.RequestOptions = {}) =>
      stripe.paymentIntents.create(
        {
          amount: 10_000,
          currency: 'ils',
          payment_method: card,
          confirm: true,
          allowed_payment_method_types: ['card'],
          ...terms,
        },
        options,
      ),
    /** Replaces the faults that the next requests meet; none ends them. */
    fault: (...faults: Fault[]) => order<null>('faults', { faults }),
    /** Waits until so many requests are held back. */
    async untilHeld(count = 1): Promise<void> {
      while ((await order<{ held: number }>('held', {})).held < count);
    },
    release: () => order<null>('release', {}),
    settings: (settings: Orders['settings']) => order<null>('settings', settings),
    advance: (seconds: number) => order<null>('advance', { seconds }),
    forgetKeys: () => order<null>('forget_keys', {}),
    /** The customer passes 3-D Secure, or fails. */
    settleAction: (intent: string, outcome: 'succeed' | 'fail') =>
      order<Stripe.PaymentIntent | Stripe.SetupIntent>('settle_action', { intent, outcome }),
    expire: (intent: string) => order<null>('expire', { intent }),
    failRefund: (refund: string) => order<null>('fail_refund', { refund }),
    dispute: (intent: string, terms: Omit<Orders['dispute'], 'intent'> = {}) =>
      order<Stripe.Dispute>('dispute', { intent, ...terms }),
    closeDispute: (dispute: string, outcome: 'won' | 'lost') =>
      order<Stripe.Dispute>('close_dispute', { dispute, outcome }),
    /** What was sent to the webhook endpoint, or would have been if there were one. */
    deliveries: () => order<Delivery[]>('deliveries', {}),
    deliver: (event: string, how: Omit<Orders['deliver'], 'event'> = {}) =>
      order<Delivery>('deliver', { event, ...how }),
    books: (metadata: Record<string, string> = {}) => order<Books>('books', { metadata }),
    requests: () => order<SeenRequest[]>('requests', {}),
  };
}

export type StripeAccount = Awaited<ReturnType<typeof stripeAccount>>;
