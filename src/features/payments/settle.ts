import { sql } from 'drizzle-orm';
import { type Services, systemBatch } from '../../background.ts';
import { callFunction, type FunctionCall } from '../../db/function-call.ts';
import type { PaymentStatus } from '../../db/schema/words.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { type DueMail, MAIL_LEASE } from '../../email/outbox.ts';
import {
  type FindResult,
  type PaymentAction,
  type PaymentMode,
  type PaymentOutcome,
  PaymentOutcomeUnknown,
  providerFor,
} from '../../payments/index.ts';

/** How long stock and slot wait for what the bank wants of the customer. */
export const ACTION_MINUTES = 15;

/** A payment whose outcome the database does not know yet. */
export interface PendingPayment {
  order_id: number;
  order_number: string;
  user_id: number;
  provider: string;
  provider_token: string;
  /** Decimal string with two digits. */
  amount: string;
  currency: string;
  /** What the provider knows the charge by. */
  idempotency_key: string;
  save_as_default: boolean;
  mode: PaymentMode;
  provider_customer: string | null;
  /** The provider's reference, as far as it is known yet. */
  reference?: string | null | undefined;
  created_at?: string;
}

/** With the products whose stock comes back when it is not paid. */
export type PendingOrder = PendingPayment & { products: number[] };

/** What the functions answer more exactly than the database's types say. */
type Recorded = Pick<Settlement, 'status' | 'mail'>;
type Waiting = Pick<Settlement, 'status' | 'action'>;

/** The state of a payment after settling, by this call or an earlier one. */
export interface Settlement {
  status: PaymentStatus;
  order_id: number;
  order_number: string;
  total_paid: string;
  payment_reference: string | null;
  decline_reason: string | null;
  /** The confirmation, claimed for the caller who wrote the capture down. */
  mail?: DueMail | null;
  /** What the customer has to do, while the payment waits for that. */
  action?: DueAction | null;
}

export type SettledBy = 'confirm' | 'repeat' | 'job';

export type DueAction = PaymentAction & { expires_at: string };

/**
 * Second batch of a confirm: records the outcome of the charge or authorisation, unless it has been recorded. The user acts in
 * it even if the session has ended: the money has moved.
 * @param by a confirm, which gets the confirmation claimed to send it; a repeat of it; or a job or webhook, which answers no
 * customer. The scheduled job sends the confirmation of the latter two.
 */
export async function settle(
  services: Services,
  payment: PendingPayment,
  outcome: PaymentOutcome,
  by: SettledBy,
): Promise<Settlement> {
  const settlement = await services.database.call(recordOf(services, payment, outcome, by));
  await noteDispute(services, payment, outcome);
  return settlement;
}

function recordOf(
  { requestId }: Services,
  { order_id, user_id }: PendingPayment,
  outcome: PaymentOutcome,
  by: SettledBy,
): FunctionCall<Settlement> {
  const acting = callFunction('begin_as', user_id, { request_id: requestId });
  switch (outcome.status) {
    case 'CAPTURED':
    case 'AUTHORIZED':
      return callFunction<'accept_payment', Recorded>('accept_payment', acting, {
        order_id,
        reference: outcome.reference,
        capture_before: outcome.status === 'AUTHORIZED' ? outcome.captureBefore : null,
        mail_lease: by === 'confirm' ? MAIL_LEASE : null,
        is_answered: by !== 'job',
      });
    case 'ACTION_REQUIRED':
      return callFunction<'require_action', Waiting>('require_action', acting, {
        order_id,
        reference: outcome.reference,
        action: JSON.stringify(outcome.action),
        minutes: ACTION_MINUTES,
      });
    case 'DECLINED':
      return callFunction<'decline_payment', Pick<Recorded, 'status'>>('decline_payment', acting, {
        order_id,
        reason: outcome.reason,
        reference: outcome.reference,
      });
  }
}

/**
 * Asks the provider what became of a payment and writes it down; undefined when the provider does not answer. Only for payments
 * old enough that no charge can still be on its way, or that wait for an action: then "not found" means "never charged".
 */
export async function findAndSettle(
  services: Services,
  payment: PendingPayment,
  by: SettledBy = 'job',
): Promise<Settlement | undefined> {
  const found = await find(services, payment);
  return found && settle(services, payment, outcomeOf(found), by);
}

/** What a search says of a payment that must be settled now: one that is not there, or was canceled, is not paid. */
export function outcomeOf(found: FindResult): PaymentOutcome {
  if (found.status === 'NOT_FOUND') return { status: 'DECLINED', reason: 'not_charged' };
  return found.status === 'VOIDED' ? { status: 'DECLINED', reason: 'voided' } : found;
}

/** What the provider says of a payment; undefined when it does not answer. */
export async function find({ config }: Services, payment: PendingPayment): Promise<FindResult | undefined> {
  const {
    provider_token: providerToken,
    amount,
    currency,
    provider_customer: providerCustomer,
    mode,
    reference,
  } = payment;
  const since = payment.created_at;
  try {
    const provider = providerFor(payment.provider, config);
    return await provider.find(payment.idempotency_key, {
      providerToken,
      amount,
      currency,
      providerCustomer,
      mode,
      reference,
      since,
    });
  } catch (error) {
    if (error instanceof PaymentOutcomeUnknown) return undefined;
    throw error;
  }
}

/** Notes once, if the provider says so, that the customer's bank has taken the money back: an alert for staff. */
export async function noteDispute(
  services: Services,
  { order_id }: { order_id: number },
  found: { status: string; isDisputed?: boolean | undefined } | undefined,
): Promise<void> {
  if (found?.status !== 'CAPTURED' || !found.isDisputed) return;
  await systemBatch(services)([
    statement(sql`update payments set disputed_at = now() where order_id = ${order_id} and disputed_at is null`),
  ]);
}

/** What a provider is asked about a payment, from `payments p`, `orders o` and `payment_tokens t`. */
export const PAYMENT_COLUMNS =
  sql.raw(`p.order_id, o.order_number, o.user_id, p.provider, coalesce(t.provider_token, '') as provider_token,
  t.provider_customer, p.amount, p.currency, p.idempotency_key, p.save_as_default, p.mode, p.reference, p.created_at`);

/** The payment of an order whose outcome is not known yet, if there is one. */
export const pendingPayment = (orderId: number): Statement<PendingOrder> =>
  statement(sql`
    select ${PAYMENT_COLUMNS}, array(select i.product_id from order_items i where i.order_id = o.id) as products
    from payments p join orders o on o.id = p.order_id join payment_tokens t on t.id = p.payment_token_id
    where p.order_id = ${orderId} and p.status in ('PENDING', 'ACTION_REQUIRED')`);

export const settlementOf = (orderId: number): Statement<Settlement> =>
  statement(sql`select * from settlement_of(${orderId})`);
