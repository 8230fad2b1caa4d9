import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, type Statement, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { guardStatus, lockOrder } from '../../orders/changes.ts';
import { UNFINISHED_LIST } from '../../orders/order-rows.ts';
import type { DamageBody } from '../schemas.ts';
import { guardItem } from './pick.ts';

/** Records damaged goods of an unfinished order and, with a quantity, writes that many units off the branch's free stock. */
export async function reportDamage(
  call: SignedInCall,
  orderId: number,
  itemId: number,
  { reason, notes, quantity }: z.output<typeof DamageBody>,
) {
  await call.batch([
    lockOrder(orderId),
    guardItem(orderId, itemId),
    guardStatus(orderId, UNFINISHED_LIST),
    ...(quantity ? writeOff(orderId, itemId, quantity, reason) : []),
    statement(sql`
      insert into damage_reports (order_item_id, reason, notes, quantity, reported_by)
      values (${itemId}, ${reason}, ${notes || null}, ${quantity ?? null}, current_actor())`),
  ]);
  if (!quantity) call.productsChanged([]);
  return { reported: true } as const;
}

/** Writes off the product that the line delivers. A trigger refuses units that are held by customers in checkout. */
const writeOff = (orderId: number, itemId: number, quantity: number, reason: string): Statement[] => [
  statement(sql`select id from inventory where id = (${shelfOf(itemId)}) for update`),
  guard(
    sql`(select on_hand >= ${quantity}::int from inventory where id = (${shelfOf(itemId)}))`,
    'INSUFFICIENT_STOCK',
    sql`jsonb_build_object('requested_quantity', ${quantity}::int, 'available_quantity',
          coalesce((select on_hand from inventory where id = (${shelfOf(itemId)})), 0))`,
  ),
  statement(sql`
    insert into stock_movements (inventory_id, delta, reason, note, order_id)
    values ((${shelfOf(itemId)}), ${-quantity}::int, 'DAMAGE', ${reason}, ${orderId})`),
];

const shelfOf = (itemId: number): SQL => sql`
  select v.id from order_items i
  join orders o on o.id = i.order_id
  join inventory v on v.branch_id = o.branch_id and v.product_id = coalesce(i.replacement_product_id, i.product_id)
  where i.id = ${itemId}`;
