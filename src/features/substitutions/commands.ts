import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { lastRow } from '../../db/rows.ts';
import { guard, intArray, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { guardStatus, heldProducts, lockOrder } from '../orders/changes.ts';
import { orderById } from '../orders/queries.ts';
import type { OrderRow } from '../orders/schemas.ts';
import { checkPrices } from '../prices/due.ts';
import { proposalRows } from './queries.ts';
import type { ProposalBody, ProposalRow, SubstitutionChoice } from './schemas.ts';

/** Changes what the customer takes instead of a line, until the line is picked. @throws AppError 404, 409 INVALID_STATUS */
export async function chooseSubstitution(
  call: SignedInCall,
  orderId: number,
  itemId: number,
  choice: SubstitutionChoice,
): Promise<OrderRow> {
  const line = sql`order_items where id = ${itemId} and order_id = ${orderId}`;
  const results = await call.batch([
    lockOrder(orderId, sql`user_id = ${call.user.userId}`),
    statement(sql`select settle_proposals(${orderId})`),
    guard(sql`exists (select from ${line})`, 'NOT_FOUND'),
    guardStatus(orderId, sql`'CREATED', 'IN_PROGRESS', 'MISSING', 'DELAYED'`),
    guard(
      sql`exists (select from ${line} and picked_status = 'PENDING')`,
      'INVALID_STATUS',
      sql`(select jsonb_build_object('picked_status', picked_status) from ${line})`,
    ),
    statement(sql`select guard_choice(${JSON.stringify(choice)}::jsonb, product_id) from ${line}`),
    statement(sql`
      update order_items set substitution_policy = ${choice.policy},
        substitution_ids = ${choice.product_ids ? intArray(choice.product_ids) : null}
      where id = ${itemId} and order_id = ${orderId}`),
    orderById(orderId, call.language),
  ]);
  return lastRow(results);
}

/** Offers the customer another product, whose stock is held until the answer. */
export async function propose(
  call: SignedInCall,
  orderId: number,
  itemId: number,
  { product_id, quantity }: z.output<typeof ProposalBody>,
): Promise<ProposalRow> {
  const results = await call.batch([
    checkPrices,
    lockOrder(orderId),
    heldProducts(orderId),
    statement(sql`select propose_substitution(${orderId}, ${itemId}, ${product_id}, ${quantity ?? null}::int)`),
    proposalRows(sql`s.order_item_id = ${itemId} and s.order_id = ${orderId}`, call.language, 1),
  ]);
  call.productsChanged([product_id, ...(results[2][0]?.held ?? [])]);
  return lastRow(results);
}

/** The customer's answer; the first one counts. @throws AppError 404, 409 PROPOSAL_CLOSED */
export async function answer(
  call: SignedInCall,
  orderId: number,
  proposalId: number,
  status: 'APPROVED' | 'REJECTED',
): Promise<ProposalRow> {
  const [, [answered], [proposal]] = await call.batch([
    checkPrices,
    statement<{ products: number[] }>(sql`
      select products from answer_proposal(${call.user.userId}, ${orderId}, ${proposalId}, ${status})`),
    proposalRows(sql`s.id = ${proposalId}`, call.language),
  ]);
  if (!answered || !proposal) throw new Error('an answer without its proposal');
  call.productsChanged(answered.products);
  return proposal;
}
