import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Language } from '../../db/schema/words.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { StockRequest, StockRequestQuery } from './schemas.ts';

export type StockRequestRow = z.input<typeof StockRequest>;

/** The selected requests (whole rows of `stock_requests`) in the API's form, newest first. */
export const stockRequestRows = (requests: SQL, language: Language | undefined): Statement<StockRequestRow> =>
  statement(sql`
    with request as (${requests})
    select r.id, r.branch_id, translated(b.name, b.translations, ${language ?? null}, 'name') as branch_name, r.product_id,
      translated(p.name, p.translations, ${language ?? null}, 'name') as product_name, p.sku as product_sku,
      r.quantity, r.request_type, r.status, r.reason, r.rejection_reason, r.actor_user_id, u.full_name as requester,
      r.reviewed_by, r.reviewed_at, r.created_at
    from request r
    join branches b on b.id = r.branch_id
    join products p on p.id = r.product_id
    join users u on u.id = r.actor_user_id
    order by r.id desc`);

export const oneStockRequest = (id: number, language: Language | undefined): Statement<StockRequestRow> =>
  stockRequestRows(sql`select * from stock_requests where id = ${id} and sees_branch(branch_id)`, language);

export const listStockRequests = (call: SignedInCall, query: z.output<typeof StockRequestQuery>) =>
  listWhere(call, query, sql`true`);

export const listOwnStockRequests = (call: SignedInCall, query: z.output<typeof StockRequestQuery>) =>
  listWhere(call, query, sql`actor_user_id = ${call.user.userId}`);

async function listWhere(call: SignedInCall, query: z.output<typeof StockRequestQuery>, scope: SQL) {
  const { status, branch_id, limit, offset } = query;
  const conditions = [scope, sql`sees_branch(branch_id)`];
  if (status !== undefined) conditions.push(sql`status = ${status}`);
  if (branch_id !== undefined) conditions.push(sql`branch_id = ${branch_id}`);
  const matching = sql`from stock_requests where ${sql.join(conditions, sql` and `)}`;
  const [items, [count]] = await call.batch([
    stockRequestRows(sql`select * ${matching} order by id desc limit ${limit} offset ${offset}`, call.language),
    statement<{ total: number }>(sql`select count(*)::int as total ${matching}`),
  ]);
  return { items, total: count?.total ?? 0 };
}

/** @throws AppError 404 */
export async function findStockRequest(call: SignedInCall, id: number): Promise<StockRequestRow> {
  const [[request]] = await call.batch([oneStockRequest(id, call.language)]);
  if (!request) throw new AppError('NOT_FOUND', 'There is no such stock request.');
  return request;
}
