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
    await stage.owner.query(
      `update payments set action_expires_at = now(), checked_at = null where status = 'ACTION_REQUIRED'`,
    );
    await stage.owner.query(
      `update payments set checked_at = null where status = 'AUTHORIZED' and capture_amount is not null`,
    );
    await stage.owner.query(`update payment_voids set next_attempt_at = now() where status = 'PENDING'`);
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
  select (select count(*) from payments where status in ('PENDING', 'ACTION_REQUIRED'))::int as payments,
         (select count(*) from payments where status = 'AUTHORIZED' and capture_amount is not null)::int as captures,
         (select count(*) from payment_voids where status <> 'SUCCEEDED')::int as voids,
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
  captured_amount: string | null;
  reference: string | null;
  decline_reason: string | null;
  refunded: string;
}

/** Compares the database with the provider: all money that it took or reserved is an order's, and the other way round. */
async function againstProvider({ owner, payments }: Stage): Promise<Record<string, unknown>> {
  const { rows } = await owner.query<Paid>(`
    select p.idempotency_key, p.status, p.captured_amount, p.reference, p.decline_reason,
      (select coalesce(sum(amount - credit_amount), 0) from refunds r where r.payment_id = p.id and r.status = 'SUCCEEDED') as refunded
    from payments p where p.provider <> 'credit'`);
  const books = new Map(rows.map((row) => [row.reference, row]));
  const [charges, refunds] = await Promise.all([payments.charges(), payments.refunds()]);
  const paidBack = new Map<string, number>();
  for (const refund of refunds.filter((one) => one.status === 'SUCCEEDED')) {
    paidBack.set(refund.charge_reference, (paidBack.get(refund.charge_reference) ?? 0) + cents(refund.amount));
  }
  const taken = charges.filter((charge) => charge.status === 'CAPTURED' && !charge.voided);
  const reserved = charges.filter((charge) => charge.status === 'AUTHORIZED' || charge.status === 'ACTION_REQUIRED');
  const references = (some: typeof charges) => new Set(some.map((charge) => charge.reference));
  const has = { taken: references(taken), reserved: references(reserved) };
  const statusAt = (reference: string) => books.get(reference)?.status ?? '';
  const problems: Record<string, unknown> = {
    'money taken without an order': taken.filter(({ reference }) => statusAt(reference) !== 'CAPTURED'),
    'money reserved without an order': reserved.filter(
      ({ reference }) => !['AUTHORIZED', 'FAILED'].includes(statusAt(reference)),
    ),
    'paid orders without their money': rows.filter(
      (row) =>
        row.status === 'CAPTURED' && cents(row.captured_amount ?? '0') > 0 && !has.taken.has(row.reference ?? ''),
    ),
    'reserved orders without their money': rows.filter(
      (row) => row.status === 'AUTHORIZED' && !has.reserved.has(row.reference ?? ''),
    ),
    'amounts that differ from the database': taken.filter((charge) => {
      const row = books.get(charge.reference);
      return row && cents(row.captured_amount ?? '0') !== cents(charge.captured_amount ?? charge.amount);
    }),
    'refunds that differ from the database': taken.filter(
      ({ reference }) => (paidBack.get(reference) ?? 0) !== cents(books.get(reference)?.refunded ?? '0'),
    ),
  };
  return onlyFound(problems);
}

const cents = (amount: string): number => Math.round(Number(amount) * 100);

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
