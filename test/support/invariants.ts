import { expect } from 'vitest';
import type { Shop } from './shop.ts';

/** What must hold whatever happened; each query answers the rows that break it. */
const INVARIANTS: Record<string, string> = {
  'on hand is the sum of its movements and not negative': `
    select i.id, i.on_hand, coalesce(sum(m.delta), 0) as moved from inventory i
    left join stock_movements m on m.inventory_id = i.id
    group by i.id having i.on_hand <> coalesce(sum(m.delta), 0) or i.on_hand < 0`,
  'live holds fit into what is on hand': `
    select i.id from inventory i join hold_lines h on h.inventory_id = i.id and h.expires_at > now()
    group by i.id having sum(h.quantity) > i.on_hand`,
  'no more is refunded than was captured': `
    select p.id from payments p left join refunds r on r.payment_id = p.id and r.status <> 'FAILED'
    group by p.id
    having coalesce(sum(r.amount), 0) > case when p.status = 'CAPTURED' then p.amount else 0 end
      or p.refunded_amount <> coalesce(sum(r.amount), 0)`,
  'a cart has at most one live order': `
    select cart_id from orders where cart_id is not null and status <> 'CANCELED' group by cart_id having count(*) > 1`,
  'a placed order was paid for, and a paid one is placed': `
    select o.id from orders o join payments p on p.order_id = o.id
    where (o.placed_at is not null) <> (p.status = 'CAPTURED')`,
  'slot places fit the capacity': `
    select d.id, day.date from delivery_slots d
    join (select delivery_slot_id as slot_id, delivery_date as date from orders where delivery_slot_id is not null
          union select slot_id, delivery_date from slot_holds) day on day.slot_id = d.id
    where slot_places_taken(d.id, day.date) > d.capacity`,
  'a paid cart is closed and an open one unpaid': `
    select c.id from carts c join orders o on o.cart_id = c.id and o.status <> 'CANCELED'
    where (o.placed_at is not null and c.status <> 'CHECKED_OUT') or (o.placed_at is null and c.status <> 'CHECKING_OUT')`,
  'an order adds up': `
    select o.id from orders o join order_items i on i.order_id = o.id
    group by o.id having sum(i.unit_price * i.quantity) <> o.goods_total`,
  'every order has its audit rows': `
    select o.id from orders o where not exists (
      select from audit_log a where a.entity_type = 'order' and a.entity_id = o.id)`,
};

export async function expectInvariants(shop: Shop): Promise<void> {
  const [broken] = await shop.sql<Record<string, unknown>>(
    `select ${Object.values(INVARIANTS)
      .map((query, i) => `(select json_agg(row) from (${query}) row) as check_${i}`)
      .join(', ')}`,
  );
  Object.keys(INVARIANTS).forEach((name, i) => {
    expect(broken![`check_${i}`], name).toBeNull();
  });
}
