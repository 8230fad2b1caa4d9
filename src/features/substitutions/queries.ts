import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Language } from '../../db/schema/words.ts';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { ProposalRow, Suggestion } from './schemas.ts';

const MOST_SUGGESTIONS = 10;

/** Proposals that fit the condition on `substitution_proposals s`, newest first. */
export const proposalRows = (where: SQL, language: Language | undefined, limit?: number): Statement<ProposalRow> =>
  statement(sql`
    select s.id, s.order_id, s.order_item_id as item_id, s.product_id,
      translated(p.name, p.translations, ${language ?? null}, 'name') as product_name, p.image_url, s.quantity, s.unit_price,
      s.status, s.expires_at, s.answered_at, s.created_at
    from substitution_proposals s join products p on p.id = s.product_id
    where ${where} order by s.id desc limit ${limit ?? null}`);

export const proposalsOf = (orderId: number, language: Language | undefined): Statement<ProposalRow> =>
  proposalRows(sql`s.order_id = ${orderId}`, language);

/** The proposals of an order of the caller, newest first. @throws AppError 404 */
export async function ownProposals(call: SignedInCall, orderId: number): Promise<ProposalRow[]> {
  const [, , proposals] = await call.batch([
    guard(
      sql`exists (select from orders where id = ${orderId} and user_id = ${call.user.userId} and placed_at is not null)`,
      'NOT_FOUND',
    ),
    statement(sql`select settle_proposals(${orderId})`),
    proposalsOf(orderId, call.language),
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
      select s.product_id, (
          select translated(p.name, p.translations, ${call.language ?? null}, 'name') from products p where p.id = s.product_id
        ) as name, s.sku, s.price, s.unit, s.image_url, s.bin_location, s.unit_price, s.available_quantity, s.is_chosen
      from suggested_substitutes(${orderId}, ${itemId}, ${MOST_SUGGESTIONS}) s`),
  ]);
  return found;
}
