import { setTimeout as sleep } from 'node:timers/promises';
import { brokenInvariants, CHECK_INVARIANTS } from '../../scripts/invariants.ts';
import type { ConfirmedOrder } from './people.ts';
import type { Stage } from './stage.ts';

/** Ends all faults and lets the jobs finish open work. Returns the number of rows that stay open, by kind. */
export async function settleEverything(stage: Stage): Promise<Record<string, number>> {
  stage.gateway.control.setFault(stage.database, null);
  await fetch(`${stage.payments.url}/script`, { method: 'DELETE' });
  // Wait for the last deliberately late charges.
  await sleep(9_000);
  // Simulate a day later, when released payments are checked for the last time.
  await stage.owner.query(`
    with released as (
      update payments set checked_at = null where decline_reason = 'not_charged' returning order_id
    )
    update orders o set canceled_at = now() - interval '25 hours' from released where o.id = released.order_id`);
  let open: Record<string, number> = {};
  for (let round = 0; round < 12; round++) {
    await stage.expireLeases();
    await stage.owner.query(`update refunds set next_attempt_at = now() where status = 'PENDING'`);
    await stage.owner.query(`update outbox set next_attempt_at = now() where status = 'PENDING'`);
    const isGood = await stage.scheduled('*/5 * * * *');
    const { rows } = await stage.owner.query(OPEN);
    open = rows[0];
    if (round >= 4 && isGood && Object.values(open).every((count) => count === 0)) break;
    await sleep(500);
  }
  return Object.fromEntries(Object.entries(open).filter(([, count]) => count > 0));
}

const OPEN = `
  select (select count(*) from payments where status = 'PENDING')::int as payments,
         (select count(*) from payments where decline_reason = 'late_charge')::int as late_charges,
         (select count(*) from refunds where status = 'PENDING')::int as refunds,
         (select count(*) from outbox where status <> 'SENT')::int as mails`;

/** All violations found after the run; empty when there are none. */
export async function findProblems(stage: Stage, confirmed: ConfirmedOrder[]): Promise<Record<string, unknown>> {
  const { rows } = await stage.owner.query(CHECK_INVARIANTS);
  return {
    ...brokenInvariants(rows[0]),
    ...(await againstProvider(stage)),
    ...(await againstConfirmations(stage, confirmed)),
  };
}

interface Paid {
  idempotency_key: string;
  status: string;
  amount: string;
  reference: string | null;
  decline_reason: string | null;
  refunded: string;
}

/** Compares the database with the provider: every charge has an order, every unpaid order has no charge. */
async function againstProvider({ owner, payments }: Stage): Promise<Record<string, unknown>> {
  const { rows } = await owner.query<Paid>(`
    select p.idempotency_key, p.status, p.amount, p.reference, p.decline_reason,
      (select coalesce(sum(amount - credit_amount), 0) from refunds r where r.payment_id = p.id and r.status = 'SUCCEEDED') as refunded
    from payments p where p.provider <> 'credit'`);
  const books = new Map(rows.map((row) => [row.idempotency_key, row]));
  const [charges, refunds] = await Promise.all([payments.charges(), payments.refunds()]);
  const paidBack = new Map<string, number>();
  for (const refund of refunds.filter((one) => one.status === 'SUCCEEDED')) {
    const before = paidBack.get(refund.charge_reference) ?? 0;
    paidBack.set(refund.charge_reference, before + Math.round(Number(refund.amount) * 100));
  }
  const kept = charges.filter((charge) => charge.status === 'CAPTURED' && !charge.voided);
  const keptKeys = new Set(kept.map((charge) => charge.idempotency_key));
  const problems: Record<string, unknown> = {
    'charges without an order': kept.filter((charge) => books.get(charge.idempotency_key)?.status !== 'CAPTURED'),
    'orders without a charge': rows.filter((row) => row.status === 'CAPTURED' && !keptKeys.has(row.idempotency_key)),
    'refunds that differ from the database': kept.filter((charge) => {
      const told = Math.round(Number(books.get(charge.idempotency_key)?.refunded ?? 0) * 100);
      return (paidBack.get(charge.reference) ?? 0) !== told;
    }),
  };
  return onlyFound(problems);
}

/** Every confirmed order exists exactly once. */
async function againstConfirmations({ owner }: Stage, confirmed: ConfirmedOrder[]): Promise<Record<string, unknown>> {
  const { rows } = await owner.query<{ order_number: string }>(
    'select order_number from orders where placed_at is not null',
  );
  const placed = new Set(rows.map((row) => row.order_number));
  const numbers = confirmed.map((one) => one.orderNumber);
  return onlyFound({
    'confirmed orders that do not exist': confirmed.filter((one) => !placed.has(one.orderNumber)),
    'orders that were confirmed twice': numbers.filter((number, index) => numbers.indexOf(number) !== index),
  });
}

const onlyFound = (problems: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(problems).filter(([, rows]) => Array.isArray(rows) && rows.length > 0));
