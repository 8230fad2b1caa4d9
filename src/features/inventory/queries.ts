import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, type Statement, statement } from '../../db/statement.ts';
import { holdsText } from '../../db/text.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { InventoryQuery, InventoryRow, Movement } from './schemas.ts';

export type InventoryRecord = z.input<typeof InventoryRow>;

/** The inventory rows whose ids `page` selects, as the API shows them. */
export const inventoryRows = (page: SQL): Statement<InventoryRecord> =>
  statement(sql`
    with page as (${page})
    select i.id, i.product_id, i.branch_id, b.name as branch_name, p.name as product_name, p.sku as product_sku,
      i.on_hand as available_quantity, stock.held as reserved_quantity, i.reorder_point, i.updated_at
    from page
    join inventory i on i.id = page.id and sees_branch(i.branch_id)
    join products p on p.id = i.product_id
    join branches b on b.id = i.branch_id
    cross join lateral stock_of(i.id, i.on_hand) stock
    order by i.branch_id, i.id`);

export async function listInventory(call: SignedInCall, query: z.output<typeof InventoryQuery>) {
  const matching = sql`from inventory i where ${matchingInventory(query)}`;
  const [items, [count]] = await call.batch([
    inventoryRows(sql`select i.id ${matching} order by i.branch_id, i.id limit ${query.limit} offset ${query.offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total ${matching}`),
  ]);
  return { items, total: count?.total ?? 0 };
}

/** Condition on `inventory i`. */
export function matchingInventory({
  branch_id,
  product_id,
  low_stock,
  q,
}: Omit<z.output<typeof InventoryQuery>, 'limit' | 'offset'>): SQL {
  const conditions = [sql`sees_branch(i.branch_id)`];
  if (branch_id !== undefined) conditions.push(sql`i.branch_id = ${branch_id}`);
  if (product_id !== undefined) conditions.push(sql`i.product_id = ${product_id}`);
  if (low_stock) conditions.push(sql`i.on_hand <= i.reorder_point`);
  if (q) {
    conditions.push(sql`i.product_id in (
      select p.id from products p where ${holdsText(sql`p.name_key`, q)} or ${holdsText(sql`lower(p.sku)`, q)})`);
  }
  return sql.join(conditions, sql` and `);
}

/** The ledger of one inventory row, newest first. @throws AppError 404 */
export async function listMovements(call: SignedInCall, inventoryId: number, page: { limit: number; offset: number }) {
  const [, items, [count]] = await call.batch([
    guard(sql`exists (select from inventory where id = ${inventoryId} and sees_branch(branch_id))`, 'NOT_FOUND'),
    ...movementsPage(inventoryId, page),
  ]);
  return { items, total: count?.total ?? 0 };
}

/** A page of the ledger of one inventory row, and the total. */
export function movementsPage(
  inventoryId: number,
  page: { limit: number; offset: number },
): [Statement<z.input<typeof Movement>>, Statement<{ total: number }>] {
  return [
    // The window reads no further than the page: each balance is what is on hand less all that came later.
    statement<z.input<typeof Movement>>(sql`
      with page as (
        select m.*, i.on_hand - coalesce(sum(m.delta) over (
            order by m.id desc rows between unbounded preceding and 1 preceding), 0)::int as balance
        from stock_movements m join inventory i on i.id = ${inventoryId}
        where m.inventory_id = ${inventoryId}
        order by m.id desc limit ${page.limit} offset ${page.offset}
      )
      select m.id::float8 as id, m.delta, m.reason, m.note, m.order_id, m.stock_request_id, m.actor_user_id,
        u.full_name as actor_name, m.balance, m.created_at
      from page m left join users u on u.id = m.actor_user_id
      order by m.id desc`),
    statement<{ total: number }>(
      sql`select count(*)::int as total from stock_movements where inventory_id = ${inventoryId}`,
    ),
  ];
}
