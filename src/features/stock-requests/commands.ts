import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, setAuditAction, statement } from '../../db/statement.ts';
import { AppError, type ErrorCode, messageOf, publicCode } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { oneStockRequest, stockRequestRows } from './queries.ts';
import { type Decision, faultOf } from './review.ts';
import type { BulkReview, NewStockRequest } from './schemas.ts';

/** @throws AppError 404 */
export async function createStockRequest(call: SignedInCall, body: z.output<typeof NewStockRequest>) {
  const { branch_id, product_id, quantity, request_type, reason } = body;
  const [, , [made]] = await call.batch([
    guard(sql`exists (select from products where id = ${product_id})`, 'PRODUCT_NOT_FOUND'),
    guard(
      sql`exists (select from branches where id = ${branch_id} and sees_branch(id))`,
      'NOT_FOUND',
      sql`jsonb_build_object('branch_id', ${branch_id}::int)`,
    ),
    stockRequestRows(
      sql`
      insert into stock_requests (branch_id, product_id, quantity, request_type, reason, actor_user_id)
      values (${branch_id}, ${product_id}, ${quantity}, ${request_type}, ${reason || null}, ${call.user.userId})
      returning *`,
      call.language,
    ),
  ]);
  if (!made) throw new Error('Creating a stock request returned no row');
  return made;
}

/** @throws AppError 400 INVALID_QUANTITY, INVALID_REJECTION, 403, 404, 409 INVALID_STATUS, STOCK_HELD */
export async function reviewStockRequest(call: SignedInCall, id: number, decision: Decision) {
  const fault = faultOf(decision);
  if (fault) {
    // The session is checked before the decision's error is reported.
    await call.batch([]);
    throw new AppError(fault);
  }
  const { status, approved_quantity, rejection_reason } = decision;
  const [, , [reviewed]] = await call.batch([
    setAuditAction('stock_request', 'REVIEW'),
    statement(sql`
      select review_stock_request(${id}, ${status}, ${approved_quantity ?? null}::int, ${rejection_reason || null})`),
    oneStockRequest(id, call.language),
  ]);
  if (!reviewed) throw new Error('Reviewing a stock request returned no row');
  return reviewed;
}

/** Reviews many requests in one transaction; a refused request does not affect the others. */
export async function reviewStockRequests(call: SignedInCall, { items }: z.output<typeof BulkReview>) {
  const refusals = new Map<number, ErrorCode>();
  const possible = items.flatMap((item, position) => {
    const fault = faultOf(item);
    if (!fault) return [{ ...item, position, rejection_reason: item.rejection_reason || null }];
    refusals.set(position, fault);
    return [];
  });
  const [, refused] = await call.batch([
    setAuditAction('stock_request', 'REVIEW'),
    statement<{ item_position: number; refusal: ErrorCode }>(sql`
      select item_position, refusal from review_stock_requests(${JSON.stringify(possible)}::jsonb)`),
  ]);
  for (const { item_position, refusal } of refused) refusals.set(item_position, refusal);
  return {
    results: items.map(({ request_id, status }, position) => {
      const code = refusals.get(position);
      if (!code) return { request_id, status, result: 'ok' as const };
      return { request_id, status, result: 'error' as const, error_code: publicCode(code), message: messageOf(code) };
    }),
  };
}
