import { signInAs } from './factories.ts';
import type { Shop } from './shop.ts';

interface Line {
  productId: number;
  quantity?: number;
  /** The product's price, unless told otherwise. */
  unitPrice?: string;
  pickedStatus?: 'PENDING' | 'PICKED' | 'MISSING';
}

export interface PlacedOrder {
  id: number;
  number: string;
  /** In the order of the lines. */
  itemIds: number[];
}

interface Options {
  userId: number;
  branchId: number;
  lines: Line[];
  status?: string;
  statusBeforeDelay?: string;
  fulfillment?: 'DELIVERY' | 'PICKUP';
  slotId?: number;
  /** Minutes from now until the order is due. */
  dueInMinutes?: number;
  /** A point in time instead. */
  dueAt?: string;
  deliveryFee?: string;
  /** When it was placed; now, unless told otherwise. Null: its payment is still pending. */
  placedAt?: string | null;
}

let made = 0;

/**
 * An order as checkout leaves it: lines at today's prices, a captured payment, the stock sold through the ledger.
 * The branch must have enough of everything on its shelves. A delivery brings its own slot unless it gets one.
 */
export async function placeOrder(shop: Shop, options: Options): Promise<PlacedOrder> {
  made += 1;
  const number = `T-${String(made).padStart(6, '0')}`;
  const { userId, branchId, fulfillment = 'PICKUP', status = 'CREATED', placedAt = new Date().toISOString() } = options;
  const dueAt = options.dueAt ?? new Date(Date.now() + (options.dueInMinutes ?? 180) * 60_000).toISOString();
  const slotId = fulfillment === 'PICKUP' ? null : (options.slotId ?? (await anySlot(shop, branchId)));
  const lines = options.lines.map((line) => ({ quantity: 1, pickedStatus: 'PENDING', ...line }));
  const [order] = await shop.sql<{ id: number }>(
    `with line as (
       select l."productId" as product_id, l.quantity, l."pickedStatus" as picked_status, p.name, p.sku, p.unit,
              p.image_url, coalesce(l."unitPrice", p.price) as unit_price, l.position
       from rows from (jsonb_to_recordset($1::jsonb) as
              ("productId" integer, quantity integer, "unitPrice" numeric, "pickedStatus" text)) with ordinality
              as l ("productId", quantity, "unitPrice", "pickedStatus", position)
       join products p on p.id = l."productId"
     ), total as (select sum(quantity * unit_price) as goods from line), new_order as (
       insert into orders (order_number, user_id, branch_id, fulfillment_type, goods_total, delivery_fee, total_amount,
                           currency, delivery_address, delivery_slot_id, delivery_date, window_start, window_end,
                           created_at)
       select $2, $3, $4, $5, goods, $6::numeric, goods + $6::numeric, 'ILS',
              case when $7::integer is not null then '5 Allenby Street, Tel Aviv' end, $7::integer,
              case when $7::integer is not null then ($8::timestamptz at time zone 'Asia/Jerusalem')::date end,
              $8::timestamptz, $8::timestamptz + interval '2 hours', coalesce($9::timestamptz, now())
       from total returning id, order_number, total_amount
     ), payment as (
       insert into payments (order_id, provider, idempotency_key, amount, currency, status, reference, captured_at)
       select id, 'mockpay', order_number, total_amount, 'ILS',
              case when $9::timestamptz is null then 'PENDING' else 'CAPTURED' end,
              case when $9::timestamptz is not null then 'mock_' || order_number end, $9::timestamptz
       from new_order
     ), sale as (
       insert into stock_movements (inventory_id, delta, reason, order_id)
       select v.id, -sum(line.quantity), 'SALE', new_order.id
       from line join inventory v on v.product_id = line.product_id and v.branch_id = $4 cross join new_order
       group by v.id, new_order.id
     )
     insert into order_items (order_id, product_id, name, sku, unit, image_url, unit_price, quantity, picked_status)
     select new_order.id, product_id, name, sku, unit, image_url, unit_price, quantity, picked_status
     from line cross join new_order order by position returning order_id as id`,
    [
      JSON.stringify(lines),
      number,
      userId,
      branchId,
      fulfillment,
      options.deliveryFee ?? '0.00',
      slotId,
      dueAt,
      placedAt,
    ],
  );
  const { id } = order!;
  if (placedAt) await shop.sql('update orders set placed_at = $2 where id = $1', [id, placedAt]);
  if (status !== 'CREATED') {
    const sql = `update orders set status = $2, status_before_delay = $3,
      delivered_at = case $2 when 'DELIVERED' then now() end where id = $1`;
    await shop.sql(sql, [id, status, options.statusBeforeDelay ?? null]);
  }
  if (status === 'CANCELED') await shop.sql(AS_CANCELED, [id]);
  const items = await shop.sql<{ id: number }>('select id from order_items where order_id = $1 order by id', [id]);
  return { id, number, itemIds: items.map((item) => item.id) };
}

/** Delivered just now, in a shop that takes claims about it and approves none by itself. */
export async function deliveredOrder(shop: Shop, options: Omit<Options, 'status'>): Promise<PlacedOrder> {
  await shop.sql('update settings set claim_hours = 48, claim_auto_approve_under = 0');
  return placeOrder(shop, { ...options, status: 'DELIVERED' });
}

/** What comes with a cancellation: the goods on the shelves again, the money back. */
const AS_CANCELED = `
  with returned as (
    insert into stock_movements (inventory_id, delta, reason, order_id)
    select v.id, sum(i.quantity), 'CANCEL', o.id
    from orders o join order_items i on i.order_id = o.id and i.picked_status <> 'MISSING'
    join inventory v on v.branch_id = o.branch_id and v.product_id = i.product_id
    where o.id = $1 group by v.id, o.id
  )
  insert into refunds (order_id, payment_id, amount, reason, status, settled_at)
  select order_id, id, amount, 'CANCEL', 'SUCCEEDED', now() from payments where order_id = $1`;

async function anySlot(shop: Shop, branchId: number): Promise<number> {
  const [slot] = await shop.sql<{ id: number }>(
    `with made as (
       insert into delivery_slots (branch_id, day_of_week, start_time, end_time)
       select $1, 0, '08:00', '10:00' where not exists (select from delivery_slots where branch_id = $1)
       returning id
     )
     select id from made union all select id from delivery_slots where branch_id = $1 limit 1`,
    [branchId],
  );
  return slot!.id;
}

/** One person of each kind, signed in. */
export async function openFloor(shop: Shop) {
  const [customer, employee, manager, admin] = await Promise.all([
    signInAs(shop, 'CUSTOMER'),
    signInAs(shop, 'EMPLOYEE'),
    signInAs(shop, 'MANAGER'),
    signInAs(shop, 'ADMIN'),
  ]);
  return { customer, employee, manager, admin };
}

export async function onHand(shop: Shop, branchId: number, productId: number): Promise<number> {
  const sql = 'select on_hand from inventory where branch_id = $1 and product_id = $2';
  const [row] = await shop.sql<{ on_hand: number }>(sql, [branchId, productId]);
  return row!.on_hand;
}

/** Shelves that do not equal the sum of their movements, and orders whose refunds exceed what was captured. */
export async function contradictions(shop: Shop): Promise<unknown[]> {
  return shop.sql(
    `select 'shelf ' || v.id as what from inventory v
     where v.on_hand <> (select coalesce(sum(delta), 0) from stock_movements m where m.inventory_id = v.id) or v.on_hand < 0
     union all
     select 'order ' || p.order_id from payments p
     where (select coalesce(sum(amount), 0) from refunds r where r.payment_id = p.id and r.status <> 'FAILED') <> p.refunded_amount
        or p.refunded_amount > p.amount`,
  );
}
