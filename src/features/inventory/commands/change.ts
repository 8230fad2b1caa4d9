import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { lastRow } from '../../../db/rows.ts';
import { guard, type Statement, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { MAX_ON_HAND } from '../limits.ts';
import { inventoryRows } from '../queries.ts';
import type { InventoryChange } from '../schemas.ts';

type Change = z.output<typeof InventoryChange>;

/**
 * Counts or adjusts what is on hand, moves the reorder point, or both.
 * @throws AppError 404, 409 STALE_QUANTITY, STOCK_HELD, INSUFFICIENT_STOCK, 422 UNPROCESSABLE
 */
export async function changeInventory(call: SignedInCall, id: number, change: Change) {
  const results = await call.batch([
    // Locked first, so that a count becomes a movement from a quantity that cannot change meanwhile.
    statement(sql`select id from inventory where id = ${id} for update`),
    guard(sql`exists (select from inventory where id = ${id} and sees_branch(branch_id))`, 'NOT_FOUND'),
    ...expectation(id, change),
    ...movement(id, change),
    ...reorderPoint(id, change),
    inventoryRows(sql`select ${id}::int as id`),
  ]);
  return lastRow(results);
}

function expectation(id: number, { expected_available_quantity: expected }: Change): Statement[] {
  if (expected === undefined) return [];
  const asExpected = sql`(select on_hand = ${expected}::int from inventory where id = ${id})`;
  return [guard(asExpected, 'STALE_QUANTITY', onHandDetails(id))];
}

function movement(id: number, { available_quantity, delta, reason }: Change): Statement[] {
  if (available_quantity === undefined && delta === undefined) return [];
  const isCount = available_quantity !== undefined;
  const difference = isCount ? sql`${available_quantity}::int - on_hand` : sql`${delta ?? 0}::int`;
  const holds = (condition: SQL) => sql`(select ${condition} from inventory where id = ${id})`;
  return [
    guard(holds(sql`on_hand + ${difference} >= 0`), 'INSUFFICIENT_STOCK', onHandDetails(id)),
    guard(
      holds(sql`${difference} <= 0 or on_hand + ${difference} <= ${MAX_ON_HAND}`),
      'UNPROCESSABLE',
      onHandDetails(id),
    ),
    guard(
      holds(sql`${difference} >= 0 or on_hand + ${difference} >= (select stock.held from stock_of(id, on_hand) stock)`),
      'STOCK_HELD',
      onHandDetails(id),
    ),
    statement(sql`
      insert into stock_movements (inventory_id, delta, reason, note)
      select id, ${difference}, ${isCount ? 'COUNT' : 'ADJUSTMENT'}, ${reason || null}
      from inventory where id = ${id} and ${difference} <> 0`),
  ];
}

const onHandDetails = (id: number): SQL => sql`(
  select jsonb_build_object('available_quantity', on_hand, 'reserved_quantity', (select stock.held from stock_of(id, on_hand) stock))
  from inventory where id = ${id})`;

function reorderPoint(id: number, { reorder_point }: Change): Statement[] {
  if (reorder_point === undefined) return [];
  return [
    statement(sql`
      update inventory set reorder_point = ${reorder_point}, updated_at = now()
      where id = ${id} and reorder_point <> ${reorder_point}`),
  ];
}
