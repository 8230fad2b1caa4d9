import { sql } from 'drizzle-orm';
import type { Services } from '../../background.ts';
import { callFunction } from '../../db/function-call.ts';
import type { PaymentStatus } from '../../db/schema/words.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { type DueMail, MAIL_LEASE } from '../../email/outbox.ts';
import { type ChargeResult, PaymentOutcomeUnknown, providerFor } from '../../payments/index.ts';

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
}

/** With the products whose stock comes back when it is not paid. */
export type PendingOrder = PendingPayment & { products: number[] };

/** What the functions answer more exactly than the database's types say. */
type Recorded = Pick<Settlement, 'status' | 'mail'>;

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
}

/**
 * Second batch of a confirm: records the outcome of the charge, unless it has been recorded. The user acts in it even if the
 * session has ended: the money has moved.
 * @param mail who sends the confirmation of a capture: the caller, who gets it claimed, or the scheduled job
 */
export async function settle(
  { database, requestId }: Services,
  payment: PendingPayment,
  outcome: ChargeResult,
  mail: 'for the caller' | 'for the job',
): Promise<Settlement> {
  const { order_id: orderId, user_id: userId } = payment;
  const acting = sql`begin_as(${userId}, ${requestId})`;
  const [settlement] = await database.single<Settlement>(
    outcome.status === 'CAPTURED'
      ? callFunction<'capture_payment', Recorded>('capture_payment', acting, {
          order_id: orderId,
          reference: outcome.reference,
          mail_lease: mail === 'for the caller' ? MAIL_LEASE : null,
        })
      : callFunction<'decline_payment', Pick<Recorded, 'status'>>('decline_payment', acting, {
          order_id: orderId,
          reason: outcome.reason,
        }),
  );
  if (!settlement) throw new Error('a payment without its row');
  return settlement;
}

/**
 * Asks the provider what became of a charge and writes it down. Only for payments old enough that no charge can still be
 * on its way: then "not found" means "never charged".
 */
export async function findAndSettle(
  services: Services,
  payment: PendingPayment,
): Promise<Settlement['status'] | 'UNKNOWN'> {
  const outcome = await find(services, payment);
  if (!outcome) return 'UNKNOWN';
  const known = outcome.status === 'NOT_FOUND' ? ({ status: 'DECLINED', reason: 'not_charged' } as const) : outcome;
  return (await settle(services, payment, known, 'for the job')).status;
}

/** What the provider says of a charge; undefined when it does not answer. */
export async function find({ config }: Services, payment: PendingPayment) {
  const { provider_token: providerToken, amount, currency } = payment;
  try {
    const provider = providerFor(payment.provider, config);
    return await provider.find(payment.idempotency_key, { providerToken, amount, currency });
  } catch (error) {
    if (error instanceof PaymentOutcomeUnknown) return undefined;
    throw error;
  }
}

/** The pending payment of an order, if there is one. */
export const pendingPayment = (orderId: number): Statement<PendingOrder> =>
  statement(sql`
    select p.order_id, o.order_number, o.user_id, p.provider, t.provider_token, p.amount, p.currency, p.idempotency_key,
      p.save_as_default, array(select i.product_id from order_items i where i.order_id = o.id) as products
    from payments p join orders o on o.id = p.order_id join payment_tokens t on t.id = p.payment_token_id
    where p.order_id = ${orderId} and p.status = 'PENDING'`);

export const settlementOf = (orderId: number): Statement<Settlement> =>
  statement(sql`select * from settlement_of(${orderId})`);
