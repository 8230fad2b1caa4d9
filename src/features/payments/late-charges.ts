import { sql } from 'drizzle-orm';
import { type Job, type Services, systemBatch } from '../../background.ts';
import { statement } from '../../db/statement.ts';
import { PaymentOutcomeUnknown, providerFor, type VoidResult } from '../../payments/index.ts';
import { find, type PendingPayment } from './settle.ts';
import { workThroughPayments } from './work-through.ts';

const NAME = 'void_late_charges';

/** When a released payment is looked at again, counted from its release. A charge that is later than this is none. */
export const LOOKS = sql.raw(`'{10 minutes,20 minutes,1 hour,4 hours,12 hours,24 hours}'::interval[]`);

// A look that got no answer is taken back (see below), so that every one is made. A charge that was found is tried on
// until it is voided. The bound of `created_at` is for the index.
const DUE = sql`status = 'DECLINED' and (
  decline_reason = 'not_charged' and created_at > now() - interval '30 days' and exists (
    select from orders o cross join unnest(${LOOKS}) look
    where o.id = order_id and o.canceled_at > now() - interval '48 hours'
      and o.canceled_at + look <= now() and coalesce(checked_at, o.canceled_at) < o.canceled_at + look)
  or decline_reason = 'late_charge' and checked_at < now() - interval '4 minutes')`;

/**
 * Takes back the charges that reached the provider only after "not found" had released their order: the customer
 * gets nothing for that money. The way of a payment's `decline_reason`: not_charged → late_charge (found) → late_charge_voided, or
 * late_charge_kept, which calls for a human.
 */
export const voidLateCharges: Job = {
  name: NAME,
  run(services, allowance) {
    return workThroughPayments(services, allowance, {
      job: NAME,
      due: DUE,
      // Asking the provider, recording, voiding, recording.
      subrequestsEach: 4,
      counts: { voided: 0, refused: 0, none: 0, unknown: 0, failed: 0 },
      one: (payment) => lookAgain(services, payment),
    });
  },
};

type Became = 'voided' | 'refused' | 'none' | 'unknown';

async function lookAgain(services: Services, payment: PendingPayment): Promise<Became> {
  const found = await find(services, payment);
  if (!found) return resetCheck(services, payment);
  if (found.status === 'NOT_FOUND' || found.status === 'VOIDED') return 'none';
  if (found.status === 'DECLINED') {
    await record(services, payment, found.reason);
    return 'none';
  }
  // Recorded before it is acted on, so that an alert shows the money whatever happens next.
  await record(services, payment, 'late_charge', found.reference);
  const result = await takeBack(services, payment, found.reference);
  if (result === 'UNKNOWN') return 'unknown';
  const isVoided = result.status === 'VOIDED';
  await record(services, payment, isVoided ? 'late_charge_voided' : 'late_charge_kept');
  return isVoided ? 'voided' : 'refused';
}

async function resetCheck(services: Services, { order_id }: PendingPayment): Promise<'unknown'> {
  await systemBatch(services)([
    statement(
      sql`update payments set checked_at = null where order_id = ${order_id} and decline_reason = 'not_charged'`,
    ),
  ]);
  return 'unknown';
}

async function takeBack(
  { config }: Services,
  payment: PendingPayment,
  reference: string,
): Promise<VoidResult | 'UNKNOWN'> {
  try {
    const provider = providerFor(payment.provider, config);
    return await provider.void({ reference, idempotencyKey: `void-${payment.idempotency_key}` });
  } catch (error) {
    if (error instanceof PaymentOutcomeUnknown) return 'UNKNOWN';
    throw error;
  }
}

/** The reasons change in one direction only, so concurrent checks cannot undo each other. */
async function record(services: Services, payment: PendingPayment, reason: string, reference?: string): Promise<void> {
  await systemBatch(services)([
    statement(sql`
      update payments set decline_reason = ${reason}, reference = coalesce(${reference ?? null}, reference)
      where order_id = ${payment.order_id} and decline_reason in ('not_charged', 'late_charge')
        and decline_reason <> ${reason}`),
  ]);
}
