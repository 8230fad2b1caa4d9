import { sql } from 'drizzle-orm';
import { type Statement, statement } from '../../db/statement.ts';
import type { Services } from '../../jobs/job.ts';
import { type ChargeResult, PaymentOutcomeUnknown, providerFor } from '../../payments/index.ts';
import { lockOwner } from '../profile/default-choice.ts';

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

/** How a payment stands after settling: by us, or by whoever came first. */
export interface Settlement {
  status: 'PENDING' | 'CAPTURED' | 'DECLINED';
  order_id: number;
  order_number: string;
  total_paid: string;
  payment_reference: string | null;
  decline_reason: string | null;
}

/**
 * Second batch of a confirm: writes down the outcome of the charge, if nobody has yet. The user acts in it whatever has
 * become of the session: the money has moved.
 */
export async function settle(
  { database, requestId }: Services,
  payment: PendingPayment,
  outcome: ChargeResult,
): Promise<Settlement> {
  const results = await database.batch<readonly Statement[]>([
    statement(sql`select begin_as(${payment.user_id}, ${requestId})`),
    ...(outcome.status === 'CAPTURED' ? captured(payment, outcome.reference) : declined(payment, outcome.reason)),
    settlementOf(payment.order_id),
  ]);
  const settlement = results.at(-1)?.[0] as Settlement | undefined;
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
  return (await settle(services, payment, known)).status;
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

/** A pending payment as a statement's row, for whoever has only the order. */
export const pendingPayment = (orderId: number): Statement<PendingPayment> =>
  statement(sql`
    select p.order_id, o.order_number, o.user_id, p.provider, t.provider_token, p.amount, p.currency, p.idempotency_key,
      p.save_as_default
    from payments p join orders o on o.id = p.order_id join payment_tokens t on t.id = p.payment_token_id
    where p.order_id = ${orderId} and p.status = 'PENDING'`);

export const settlementOf = (orderId: number): Statement<Settlement> =>
  statement(sql`
    select p.status, o.id as order_id, o.order_number, p.amount as total_paid, p.reference as payment_reference, p.decline_reason
    from payments p join orders o on o.id = p.order_id where o.id = ${orderId}`);

/** The payments row is the first one touched: of two settling at once, the second finds nothing left to do. */
const captured = ({ order_id, user_id, save_as_default }: PendingPayment, reference: string): Statement[] => [
  statement(sql`
    with paid as (
      update payments set status = 'CAPTURED', reference = ${reference}, captured_at = now()
      where order_id = ${order_id} and status = 'PENDING'
      returning order_id, payment_token_id
    ), placed as (
      update orders o set placed_at = now(), updated_at = now() from paid where o.id = paid.order_id returning o.*
    ), closed as (
      update carts set status = 'CHECKED_OUT', updated_at = now() from placed where carts.id = placed.cart_id
    ), answered as (
      update idempotency_keys k set response_status = 201, response_body = jsonb_build_object(
        'order_id', placed.id, 'order_number', placed.order_number, 'total_paid', placed.total_amount::text,
        'payment_reference', ${reference}::text)
      from placed where k.order_id = placed.id
    )
    insert into outbox (kind, payload)
    select 'ORDER_CONFIRMED', jsonb_build_object(
      'kind', 'ORDER_CONFIRMED',
      'to', jsonb_build_object('email', u.email, 'name', u.full_name),
      'params', jsonb_build_object(
        'order_number', placed.order_number, 'currency', placed.currency, 'total_amount', placed.total_amount::text,
        'delivery_fee', placed.delivery_fee::text, 'items', (
          select jsonb_agg(jsonb_build_object(
            'name', i.name, 'quantity', i.quantity, 'line_total', (i.unit_price * i.quantity)::text) order by i.id)
          from order_items i where i.order_id = placed.id)))
    from placed join users u on u.id = placed.user_id`),
  ...(save_as_default ? makeDefault(order_id, user_id) : []),
];

const makeDefault = (orderId: number, userId: number): Statement[] => {
  const paidWith = sql`(
    select t.id from payments p join payment_tokens t on t.id = p.payment_token_id
    where p.order_id = ${orderId} and p.status = 'CAPTURED' and t.is_active)`;
  return [
    // Otherwise the customer choosing another default meanwhile could make this one the second.
    lockOwner(userId),
    statement(sql`update payment_tokens set is_default = false
                  where user_id = ${userId} and is_default and id <> ${paidWith}`),
    statement(sql`update payment_tokens set is_default = true where id = ${paidWith} and not is_default`),
  ];
};

/** Nothing was paid: stock and slot go back, the cart can be paid for again. */
const declined = ({ order_id }: PendingPayment, reason: string): Statement[] => [
  statement(sql`
    select i.id from inventory i
    where i.id in (select inventory_id from stock_movements where order_id = ${order_id})
    order by i.id for update`),
  statement(sql`
    with refused as (
      update payments set status = 'DECLINED', decline_reason = ${reason}
      where order_id = ${order_id} and status = 'PENDING'
      returning order_id
    ), canceled as (
      update orders o set status = 'CANCELED', canceled_at = now(), updated_at = now() from refused
      where o.id = refused.order_id returning o.id, o.cart_id
    ), reopened as (
      update carts set status = 'ACTIVE', updated_at = now() from canceled where carts.id = canceled.cart_id
    ), answered as (
      update idempotency_keys k set response_status = 402, response_body = jsonb_build_object('reason', ${reason}::text)
      from canceled where k.order_id = canceled.id
    )
    insert into stock_movements (inventory_id, delta, reason, order_id)
    select m.inventory_id, -sum(m.delta)::int, 'PAYMENT_DECLINED', canceled.id
    from canceled join stock_movements m on m.order_id = canceled.id
    group by m.inventory_id, canceled.id`),
];
