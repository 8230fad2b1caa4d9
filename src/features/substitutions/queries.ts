import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { ProposalRow, Suggestion } from './schemas.ts';

const MOST_SUGGESTIONS = 10;

/** The columns of a proposal, of `substitution_proposals s join products p`. */
export const PROPOSAL_COLUMNS =
  sql.raw(`s.id, s.order_id, s.order_item_id as item_id, s.product_id, p.name as product_name,
  p.image_url, s.quantity, s.unit_price, s.status, s.expires_at, s.answered_at, s.created_at`);
export const PROPOSAL_TABLES = sql.raw('substitution_proposals s join products p on p.id = s.product_id');

/** The proposals of an order, newest first. */
export const proposalsOf = (orderId: number): Statement<ProposalRow> =>
  statement(sql`select ${PROPOSAL_COLUMNS} from ${PROPOSAL_TABLES} where s.order_id = ${orderId} order by s.id desc`);

/** The proposals of an order of the caller, newest first. @throws AppError 404 */
export async function ownProposals(call: SignedInCall, orderId: number): Promise<ProposalRow[]> {
  const [, , proposals] = await call.batch([
    guard(
      sql`exists (select from orders where id = ${orderId} and user_id = ${call.user.userId} and placed_at is not null)`,
      'NOT_FOUND',
    ),
    statement(sql`select settle_proposals(${orderId})`),
    proposalsOf(orderId),
  ]);
  return proposals;
}

export async function suggestions(call: SignedInCall, orderId: number, itemId: number) {
  const [, found] = await call.batch([
    guard(
      sql`exists (select from order_items i join orders o on o.id = i.order_id
                  where i.id = ${itemId} and o.id = ${orderId} and o.placed_at is not null and sees_branch(o.branch_id))`,
      'NOT_FOUND',
    ),
    statement<z.input<typeof Suggestion>>(sql`
      select * from suggested_substitutes(${orderId}, ${itemId}, ${MOST_SUGGESTIONS})`),
  ]);
  return found;
}
