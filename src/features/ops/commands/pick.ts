import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { lastRow } from '../../../db/rows.ts';
import { guard, type Statement, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { guardStatus, lockOrder } from '../../orders/changes.ts';
import { checkPrices } from '../../prices/due.ts';
import { staffOrder } from '../queries.ts';
import type { PickBody } from '../schemas.ts';

type Pick = z.output<typeof PickBody>;

/** Records the result of picking a line. A replacement moves stock. Re-picking first reverts the earlier replacement. */
export async function pickItem(call: SignedInCall, orderId: number, itemId: number, body: Pick) {
  const replacementId = body.replacement_product_id ?? null;
  const changes = shelfChanges(itemId, replacementId);
  const results = await call.batch([
    lockOrder(orderId),
    statement<{ product_id: number }>(sql`
      select v.product_id from inventory v where v.id in (select inventory_id from (${changes}) change)
      order by v.id for update`),
    guardItem(orderId, itemId),
    ...(replacementId === null ? [] : guardReplacement(itemId, replacementId)),
    guardStatus(orderId, sql`'CREATED', 'IN_PROGRESS'`),
    guardShelves(changes),
    statement(sql`
      insert into stock_movements (inventory_id, delta, reason, note, order_id)
      select inventory_id, delta, reason, ${body.reason || null}::text, ${orderId}::int from (${changes}) change
      order by inventory_id`),
    ...(replacementId === null ? [] : [notifyCustomer(itemId, replacementId)]),
    recordPick(itemId, body, replacementId),
    // The first recorded line starts picking.
    statement(sql`update orders set status = 'IN_PROGRESS', updated_at = now() where id = ${orderId}`),
    staffOrder(orderId),
  ]);
  call.productsChanged(results[1].map((shelf) => shelf.product_id));
  return lastRow(results);
}

export const guardItem = (orderId: number, itemId: number): Statement =>
  guard(sql`exists (select from order_items where id = ${itemId} and order_id = ${orderId})`, 'NOT_FOUND');

const guardReplacement = (itemId: number, productId: number): Statement[] => [
  checkPrices,
  guard(sql`exists (select from products where id = ${productId})`, 'PRODUCT_NOT_FOUND'),
  guard(
    sql`exists (select from products where id = ${productId} and is_active
                and category_id not in (select hidden_categories()))`,
    'PRODUCT_INACTIVE',
  ),
  guard(
    sql`not exists (select from order_items where id = ${itemId} and product_id = ${productId})`,
    'UNPROCESSABLE',
    sql`jsonb_build_object('product_id', ${productId}::int)`,
  ),
];

/** The stock changes of the branch when the line, in its present state, is settled with this replacement or with none. */
const shelfChanges = (itemId: number, replacementId: number | null): SQL => sql`
  select v.id as inventory_id, change.product_id, change.delta, change.reason
  from order_items i
  join orders o on o.id = i.order_id
  cross join (select ${replacementId}::int as id) wanted
  cross join lateral (values
    (i.product_id, 'REPLACED_ORIGINAL',
     i.quantity * ((wanted.id is not null)::int - (i.replacement_product_id is not null)::int)),
    (i.replacement_product_id, 'REPLACEMENT_RETURNED',
     case when i.replacement_product_id is distinct from wanted.id then i.quantity end),
    (wanted.id, 'REPLACEMENT_TAKEN',
     case when i.replacement_product_id is distinct from wanted.id then -i.quantity end)
  ) as change (product_id, reason, delta)
  left join inventory v on v.product_id = change.product_id and v.branch_id = o.branch_id
  where i.id = ${itemId} and change.product_id is not null and change.delta <> 0`;

/** Refuses when on-hand stock is too low; a trigger refuses to take units that are held by customers in checkout. */
const guardShelves = (changes: SQL): Statement =>
  guard(
    sql`not exists (
      select from (${changes}) change left join inventory v on v.id = change.inventory_id
      where coalesce(v.on_hand, 0) + change.delta < 0)`,
    'INSUFFICIENT_STOCK',
    sql`(select jsonb_build_object('missing', jsonb_agg(jsonb_build_object(
           'product_id', change.product_id, 'requested_quantity', -change.delta,
           'available_quantity', coalesce(stock.free, 0))))
         from (${changes}) change
         left join inventory v on v.id = change.inventory_id
         left join lateral stock_of(v.id, v.on_hand) stock on true
         where coalesce(v.on_hand, 0) + change.delta < 0)`,
  );

const recordPick = (itemId: number, { picked_status, reason }: Pick, replacementId: number | null): Statement =>
  statement(sql`
    update order_items i set
      picked_status = ${picked_status},
      picked_reason = ${reason || null},
      picked_by = case when ${picked_status} <> 'PENDING' then current_actor() end,
      picked_at = case when ${picked_status} <> 'PENDING' then now() end,
      replacement_product_id = p.id,
      replacement_name = p.name,
      replacement_unit_price = case when p.id is not null then least(i.unit_price, p.price) end,
      replacement_sku = p.sku,
      replacement_tax_class = p.tax_class,
      replacement_deposit = case when p.id is not null then least(coalesce(i.deposit, 0), coalesce(p.deposit, 0)) end
    from (select) as always left join products p on p.id = ${replacementId}::int
    where i.id = ${itemId}`);

/** Notifies once per new replacement; runs before the line is changed. */
const notifyCustomer = (itemId: number, replacementId: number): Statement =>
  statement(sql`
    insert into notifications (user_id, type, order_id, data)
    select o.user_id, 'REPLACEMENT', o.id, jsonb_build_object(
      'order_number', o.order_number, 'product_name', i.name, 'replacement_name', p.name, 'quantity', i.quantity,
      'refund_amount', ((i.unit_price - least(i.unit_price, p.price)
        + coalesce(i.deposit, 0) - least(coalesce(i.deposit, 0), coalesce(p.deposit, 0))) * i.quantity)::text, 'currency', o.currency)
    from order_items i join orders o on o.id = i.order_id join products p on p.id = ${replacementId}
    where i.id = ${itemId} and i.replacement_product_id is distinct from p.id`);
