import { type SQL, sql } from 'drizzle-orm';
import type { Language } from '../../db/schema/words.ts';

/** Condition on `batches b`: all of its orders are of a branch that the caller sees. */
export const SEES_BATCH = sql.raw(`not exists (
  select from batch_orders bo join orders o on o.id = bo.order_id where bo.batch_id = b.id and not sees_branch(o.branch_id))`);

/** All columns of a batch, of `batches b`. */
export const batchColumns = (language: Language | undefined): SQL => sql`
  b.id, b.status, b.created_by, b.created_at, b.completed_at,
  (select coalesce(json_agg(member order by member.order_id), '[]') from (
     select o.id as order_id, o.order_number, o.status, sum(i.quantity)::int as items_count,
       coalesce(sum(i.quantity) filter (where i.picked_status = 'PENDING'), 0)::int as items_pending
     from batch_orders bo join orders o on o.id = bo.order_id join order_items i on i.order_id = o.id
     where bo.batch_id = b.id group by o.id) member) as orders,
  (select coalesce(json_agg(shelf order by shelf.bin_location, shelf.product_id), '[]') from (
     select p.id as product_id, translated(p.name, p.translations, ${language ?? null}, 'name') as name, p.sku, p.bin_location, sum(i.quantity)::int as quantity,
       json_agg(json_build_object('order_id', i.order_id, 'item_id', i.id, 'quantity', i.quantity,
                                  'picked_status', i.picked_status) order by i.order_id, i.id) as lines
     from batch_orders bo
     join orders o on o.id = bo.order_id and o.status <> 'CANCELED'
     join order_items i on i.order_id = o.id
     join products p on p.id = i.product_id
     where bo.batch_id = b.id group by p.id) shelf) as pick_list`;
