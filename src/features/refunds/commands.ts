import { sql } from 'drizzle-orm';
import { lastRow } from '../../db/rows.ts';
import { setAuditAction, statement } from '../../db/statement.ts';
import { drainSoon } from '../../email/outbox.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { Reply } from '../../http/route.ts';
import { type KeyedRequest, type KnownKey, storedAnswer } from '../../idempotency/keys.ts';
import { sha256 } from '../../sha256.ts';
import { refundSoon } from '../payments/refunds.ts';
import { oneStaffRefund } from './queries.ts';
import type { NewRefundInput, StaffRefundRow } from './schemas.ts';

/**
 * Refunds an order, or leaves it to a second manager: `refund_order` in the database, which claims the key, does the work and
 * stores the answer in one transaction.
 * @throws AppError 400 without a key, 404, 409 NOTHING_LEFT_TO_REFUND or for a key that another refund has
 */
export async function refundOrder(
  call: SignedInCall,
  orderId: number,
  key: string | undefined,
  wanted: NewRefundInput,
) {
  if (!key) throw new AppError('MISSING_IDEMPOTENCY_KEY');
  const request: KeyedRequest = { key, fingerprint: await sha256(JSON.stringify({ order_id: orderId, ...wanted })) };
  const { known, answer } = await call.run<
    'refund_order',
    { known: KnownKey<StaffRefundRow> | null; answer: StaffRefundRow | null }
  >('refund_order', {
    order_id: orderId,
    amount: wanted.amount,
    items: wanted.items && JSON.stringify(wanted.items),
    target: wanted.to,
    reason: wanted.reason,
    ...request,
  });
  const stored = known && storedAnswer(known, request);
  if (stored?.body) return new Reply(stored.body, { status: 200, headers: stored.headers });
  if (!answer) throw new Error('a refund without an answer');
  paySoon(call, answer);
  return new Reply(answer, { status: 201 });
}

/** @throws AppError 403 CANNOT_APPROVE_OWN, 404, 409 INVALID_STATUS, NOTHING_LEFT_TO_REFUND */
export async function decideRefund(call: SignedInCall, id: number, status: 'APPROVED' | 'REJECTED') {
  const results = await call.batch([
    setAuditAction('refund_request', 'REVIEW'),
    statement(sql`select decide_refund(${id}, ${status})`),
    oneStaffRefund(id),
  ]);
  const decided = lastRow(results);
  paySoon(call, decided);
  return decided;
}

function paySoon(call: SignedInCall, { order_id, refund_id }: StaffRefundRow): void {
  if (refund_id === null) return;
  refundSoon(call, order_id);
  drainSoon(call);
}
