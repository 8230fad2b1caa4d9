import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { inventoryRows } from '../queries.ts';
import type { NewInventory } from '../schemas.ts';

/** Adds a product to the inventory of a branch. @throws AppError 404, 409 DUPLICATE_INVENTORY */
export async function createInventory(call: SignedInCall, row: z.output<typeof NewInventory>) {
  const { product_id, branch_id, available_quantity, reorder_point } = row;
  const made = sql`from inventory where product_id = ${product_id} and branch_id = ${branch_id}`;
  const [, , , [created]] = await call.batch([
    guard(sql`exists (select from products where id = ${product_id})`, 'PRODUCT_NOT_FOUND'),
    guard(
      sql`exists (select from branches where id = ${branch_id} and sees_branch(id))`,
      'NOT_FOUND',
      sql`jsonb_build_object('branch_id', ${branch_id}::int)`,
    ),
    statement(sql`insert into inventory (product_id, branch_id, on_hand, reorder_point)
                  values (${product_id}, ${branch_id}, ${available_quantity}, ${reorder_point})`),
    inventoryRows(sql`select id ${made}`),
  ]);
  if (!created) throw new Error('a new inventory row that is not there');
  return created;
}
