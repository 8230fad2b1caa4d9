import { sql } from 'drizzle-orm';
import { lastRow } from '../../../db/rows.ts';
import { guard, intArray, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { batchColumns, SEES_BATCH } from '../batch-rows.ts';
import type { BatchRow } from '../schemas.ts';

/** Opens a batch: its orders start picking together. An order can be in one open batch only. */
export async function openBatch(call: SignedInCall, orderIds: number[]): Promise<BatchRow> {
  const ids = intArray(orderIds);
  const named = sql`id = any (${ids}) and placed_at is not null and sees_branch(branch_id)`;
  const taken = sql`select order_id from batch_orders where order_id = any (${ids}) and is_open order by order_id`;
  const unfit = sql`select id as order_id, status from orders where ${named} and status not in ('CREATED', 'IN_PROGRESS')`;
  const results = await call.batch([
    statement(sql`select id from orders where ${named} order by id for update`),
    statement<{ held: number[] }>(sql`select held_products(id) as held from orders where ${named}`),
    guard(
      sql`(select count(*) from orders where ${named}) = ${orderIds.length}`,
      'NOT_FOUND',
      sql`jsonb_build_object('order_ids', to_jsonb(array(
            select wanted.id from unnest(${ids}) as wanted (id)
            where not exists (select from orders o where o.id = wanted.id and o.placed_at is not null and sees_branch(o.branch_id)) order by 1)))`,
    ),
    guard(
      sql`not exists (${taken})`,
      'ORDER_IN_BATCH',
      sql`jsonb_build_object('order_ids', to_jsonb(array(${taken})))`,
    ),
    guard(
      sql`not exists (${unfit})`,
      'INVALID_STATUS',
      sql`(select jsonb_build_object('orders', jsonb_agg(unfit order by order_id)) from (${unfit}) unfit)`,
    ),
    statement(sql`
      with batch as (insert into batches (created_by) values (current_actor()) returning id)
      insert into batch_orders (batch_id, order_id) select batch.id, unnest(${ids}) from batch`),
    statement(sql`update orders set status = 'IN_PROGRESS', updated_at = now() where ${named} and status = 'CREATED'`),
    statement<BatchRow>(sql`
      select ${batchColumns(call.language)} from batches b
      where b.id = (select batch_id from batch_orders where order_id = any (${ids}) and is_open limit 1)`),
  ]);
  // Picking that starts ends what customers were about to change.
  call.productsChanged(results[1].flatMap((order) => order.held));
  return lastRow(results);
}

/** Completes an open batch when none of its lines is pending; one whose proposal has lapsed is missing. Canceled orders are no longer part of it. */
export async function completeBatch(call: SignedInCall, batchId: number): Promise<BatchRow> {
  const pending = sql`
    select i.order_id, i.id as item_id from batch_orders bo join order_items i on i.order_id = bo.order_id
    where bo.batch_id = ${batchId} and bo.is_open and i.picked_status = 'PENDING'`;
  const results = await call.batch([
    guard(sql`(select id from batches b where id = ${batchId} and ${SEES_BATCH} for update) is not null`, 'NOT_FOUND'),
    guard(
      sql`(select status from batches where id = ${batchId}) = 'OPEN'`,
      'INVALID_STATUS',
      sql`(select jsonb_build_object('status', status) from batches where id = ${batchId})`,
    ),
    statement(sql`
      select id from orders where id in (select order_id from batch_orders where batch_id = ${batchId} and is_open)
      order by id for update`),
    statement(sql`
      select settle_proposals(due.order_id) from (
        select order_id from batch_orders where batch_id = ${batchId} and is_open order by order_id) due`),
    guard(
      sql`not exists (${pending})`,
      'BATCH_NOT_SETTLED',
      sql`(select jsonb_build_object('pending', jsonb_agg(pending order by order_id, item_id)) from (${pending}) pending)`,
    ),
    statement(sql`update batch_orders set is_open = false where batch_id = ${batchId} and is_open`),
    statement(sql`update batches set status = 'COMPLETED', completed_at = now() where id = ${batchId}`),
    statement<BatchRow>(sql`select ${batchColumns(call.language)} from batches b where b.id = ${batchId}`),
  ]);
  return lastRow(results);
}
