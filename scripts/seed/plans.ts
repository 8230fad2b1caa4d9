import type { Client } from 'pg';
import type { Shop } from './shop.ts';

/** Shopping lists of what their owners bought, and scheduled prices in each of their states. The triggers write the audit. */
export async function insertPlans(client: Client, shop: Shop): Promise<void> {
  const owners = shop.customers.filter(({ isDemo }, index) => isDemo || index % 4 === 0).map(({ id }) => id);
  await client.query(
    `with lists as (
       insert into shopping_lists (user_id, name)
       select owner, name from unnest($1::integer[]) owner cross join (values ('Weekly shop'), ('Barbecue')) names (name)
       returning id, user_id, name
     )
     insert into shopping_list_items (list_id, product_id, quantity, position, unit_price)
     select l.id, bought.product_id, bought.quantity, row_number() over (partition by l.id order by bought.product_id), p.price
     from lists l
     cross join lateral (
       select i.product_id, max(i.quantity) as quantity from orders o join order_items i on i.order_id = o.id
       where o.user_id = l.user_id group by i.product_id
       order by count(*) desc, i.product_id limit case l.name when 'Barbecue' then 4 else 12 end
     ) bought
     join products p on p.id = bought.product_id`,
    [owners],
  );
  await client.query(`select begin_as($1, 'seed')`, [shop.managerId]);
  await client.query(
    `insert into scheduled_prices (product_id, price, old_price, starts_at, ends_at)
     select p.id, round(p.price * 0.8, 2), p.price, now() + plan.starts, now() + plan.ends
     from (values
       (1, interval '-2 days', interval '5 days'),
       (2, interval '-1 day', null),
       (3, interval '3 days', interval '10 days'),
       (4, interval '7 days', null)
     ) plan (place, starts, ends)
     join (select id, price, row_number() over (order by id) as place from products where old_price is null and is_active) p
       on p.place = plan.place * 7`,
  );
  await client.query('select apply_due_prices(100)');
}
