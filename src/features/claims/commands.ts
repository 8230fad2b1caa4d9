import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { lastRow } from '../../db/rows.ts';
import { setAuditAction, statement } from '../../db/statement.ts';
import { drainSoon } from '../../email/outbox.ts';
import type { SignedInCall } from '../../http/context.ts';
import { refundSoon } from '../payments/refunds.ts';
import { claimRows } from './queries.ts';
import type { ClaimDecisions, ClaimRow, NewClaim } from './schemas.ts';

/**
 * Files a claim about an own delivered order: `make_claim` in the database, which may approve it automatically.
 * @throws AppError 404, 409 INVALID_STATUS, CLAIM_WINDOW_OVER, ALREADY_CLAIMED, NOTHING_LEFT_TO_REFUND, 422
 */
export async function makeClaim(call: SignedInCall, orderId: number, { items, wanted }: z.output<typeof NewClaim>) {
  const results = await call.batch([
    statement(sql`select make_claim(${orderId}, ${JSON.stringify(items)}::jsonb, ${wanted})`),
    // The order is locked, so the newest claim is the one just made.
    claimRows(sql`id = (select max(id) from claims where order_id = ${orderId})`, call.language),
  ]);
  return paid(call, lastRow(results));
}

/** @throws AppError 403 CANNOT_APPROVE_OWN, 404, 409 INVALID_STATUS, NOTHING_LEFT_TO_REFUND, 422 */
export async function decideClaim(call: SignedInCall, id: number, body: z.output<typeof ClaimDecisions>) {
  const decisions = JSON.stringify(body.decisions);
  const results = await call.batch([
    setAuditAction('claim', 'REVIEW'),
    statement(sql`select decide_claim(${id}, ${decisions}::jsonb, ${body.note || null})`),
    claimRows(sql`id = ${id}`, call.language),
  ]);
  return paid(call, lastRow(results));
}

function paid(call: SignedInCall, claim: ClaimRow): ClaimRow {
  if (claim.refund_id !== null) {
    refundSoon(call, claim.order_id);
    drainSoon(call);
  }
  return claim;
}
