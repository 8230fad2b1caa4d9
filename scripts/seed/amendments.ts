import type { Client } from 'pg';

/** Orders that their customers sent to another address before the cut-off: nothing of the money changed. */
export async function insertAmendments(client: Client): Promise<void> {
  await client.query(`
    with amended as (
      update orders o set amended_at = o.placed_at + interval '9 minutes'
      where o.fulfillment_type = 'DELIVERY' and o.placed_at is not null and o.id % 9 = 0
        and o.placed_at + interval '20 minutes' < least(o.window_start, now())
        and not exists (select from order_events e where e.order_id = o.id and e.status <> 'CREATED' and e.at < o.placed_at + interval '10 minutes')
      returning o.*
    )
    insert into order_amendments (order_id, status, order_version, plan, before, after, total, difference, standard_change, deposit_change,
        missing_items, expires_at, created_at, confirmed_at)
      select a.id, 'CONFIRMED', 1, '{}', jsonb_set(now.snapshot, '{delivery,address}', '"4 Herzl Street, Haifa 3303149, Israel"'), now.snapshot,
        a.goods_total + a.deposit_total + a.delivery_fee, 0, 0, 0, '[]', a.placed_at + interval '18 minutes',
        a.placed_at + interval '8 minutes', a.placed_at + interval '9 minutes'
      from amended a cross join lateral (select amended_order(a.id) as snapshot) now order by a.placed_at, a.id`);
}
