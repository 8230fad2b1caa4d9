import type { Account, AccountKeys } from './account.ts';
import type { Accounts } from './accounts.ts';
import { booksOf } from './books.ts';
import { expire } from './capturing.ts';
import { settlePayment } from './charging.ts';
import { closeDispute, liveDispute, openDispute } from './disputes.ts';
import { StripeProblem } from './errors.ts';
import type { Fault } from './faults.ts';
import { livePaymentIntent } from './payment-intents.ts';
import { failRefund, liveCharge, liveRefund } from './refunds.ts';
import { liveSetupIntent, settleSetup } from './setup-intents.ts';

/** What tests may ask of the stand-in; every one but `open` works on the account of the secret key. */
export interface Orders {
  open: Partial<AccountKeys>;
  /** Replaces the faults of the account. */
  faults: { faults: Fault[] };
  /** Lets go of all requests that a fault holds back. */
  release: object;
  held: object;
  settings: { search_lag_ms?: number; webhook_url?: string | null };
  advance: { seconds: number };
  /** Forgets all idempotency keys, as Stripe may after 24 hours. */
  forget_keys: object;
  /** The customer passes or fails 3-D Secure. */
  settle_action: { intent: string; outcome: 'succeed' | 'fail' };
  expire: { intent: string };
  fail_refund: { refund: string };
  dispute: { intent: string; amount?: number; reason?: string; status?: string };
  close_dispute: { dispute: string; outcome: 'won' | 'lost' };
  /** Delivers an event again: as signed by another secret, or at another time (seconds), if asked. */
  deliver: { event: string; secret?: string; signed_at?: number };
  deliveries: object;
  books: { metadata?: Record<string, string> };
  requests: object;
}

type Handlers = { [O in keyof Orders]: (account: Account, order: Orders[O]) => unknown };

const handlers: Omit<Handlers, 'open'> = {
  faults: (account, { faults }) => account.faults.set(faults),
  release: (account) => account.faults.releaseAll(),
  held: (account) => ({ held: account.faults.held }),
  settings(account, { search_lag_ms, webhook_url }) {
    if (search_lag_ms !== undefined) account.searchLagMs = search_lag_ms;
    if (webhook_url !== undefined) account.webhooks.url = webhook_url;
  },
  advance: (account, { seconds }) => account.advance(seconds),
  forget_keys: (account) => account.idempotency.forget(),
  settle_action: (account, { intent, outcome }) => settleAction(account, intent, outcome === 'succeed'),
  expire: (account, { intent }) => expire(account, livePaymentIntent(account, intent)),
  fail_refund: (account, { refund }) => failRefund(account, liveRefund(account, refund)),
  dispute(account, { intent, amount, reason = 'fraudulent', status = 'needs_response' }) {
    const charge = liveCharge(account, livePaymentIntent(account, intent).latest_charge ?? '');
    return openDispute(account, charge, { amount: amount ?? charge.amount_captured, reason, status });
  },
  close_dispute: (account, { dispute, outcome }) => closeDispute(account, liveDispute(account, dispute), outcome),
  deliver(account, { event, secret, signed_at }) {
    const known = account.events.get(event);
    if (known === undefined) throw new Error(`No such event: ${event}`);
    return account.webhooks.deliver(known, {
      ...(secret === undefined ? {} : { secret }),
      ...(signed_at === undefined ? {} : { signedAt: signed_at }),
    });
  },
  async deliveries(account) {
    await account.webhooks.settled();
    return account.webhooks.deliveries;
  },
  books: (account, { metadata = {} }) => booksOf(account, metadata),
  requests: (account) => account.requests,
};

/** The bank's answer after 3-D Secure may be a no: that is the intent's state, and no error of this order. */
export function settleAction(account: Account, id: string, passed: boolean): unknown {
  account.request = { id: null, idempotency_key: null };
  if (id.startsWith('seti_')) return settleSetup(account, liveSetupIntent(account, id), passed);
  const intent = livePaymentIntent(account, id);
  try {
    return settlePayment(account, intent, passed);
  } catch (error) {
    if (error instanceof StripeProblem && error.status === 402) return intent;
    throw error;
  }
}

/** `POST /_control/{order}` with a JSON body and the secret key as Bearer. */
export async function obey(
  accounts: Accounts,
  name: string,
  { authorization, body }: { authorization: string | undefined; body: string },
): Promise<{ status: number; body: unknown }> {
  try {
    const order: unknown = body === '' ? {} : JSON.parse(body);
    if (name === 'open') return { status: 200, body: accounts.open(Object(order)).keys };
    const account = accounts.authenticate(authorization, null, {});
    const handler = new Map<string, (account: Account, order: never) => unknown>(Object.entries(handlers)).get(name);
    if (handler === undefined) return { status: 404, body: { error: `No such order: ${name}` } };
    account.request = { id: null, idempotency_key: null };
    account.runDue();
    return { status: 200, body: (await handler(account, Object(order) as never)) ?? null };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}
