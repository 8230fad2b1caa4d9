-- Changes what promotions take off an order as its amendment planned: less where units with a discount go, in proportion; more for added
-- ones. A promotion of which nothing is left is given back. The lines are still as they were.
-- Owner's rights: the Worker's role cannot change what a promotion took off.
create or replace function change_discounts(p_order orders, p_plan jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  lost numeric := (
    select coalesce(sum(i.discount - k.discount), 0)
    from jsonb_to_recordset(p_plan -> 'kept') as k (item_id integer, discount numeric) join order_items i on i.id = k.item_id);
  taken record;
  used record;
begin
  if lost > 0 then
    select array_agg(d.id order by d.promotion_id) as ids, array_agg((d.amount * 100)::bigint order by d.promotion_id) as amounts into taken
      from order_discounts d join promotions p on p.id = d.promotion_id where d.order_id = p_order.id and p.kind <> 'FREE_DELIVERY';
    for used in
      select d.id, d.amount, c.cut / 100.0 as cut
      from unnest(taken.ids, spread_amount((lost * 100)::bigint, taken.amounts, taken.ids)) as c (id, cut)
      join order_discounts d on d.id = c.id order by d.promotion_id
    loop
      if used.cut >= used.amount then
        update order_discounts set released_at = now() where id = used.id;
        delete from order_discounts where id = used.id;
      else
        update order_discounts set amount = amount - used.cut where id = used.id;
      end if;
    end loop;
  end if;
  insert into order_discounts as d (order_id, promotion_id, user_id, name, amount, position)
    select p_order.id, a.promotion_id, p_order.user_id, a.name, a.amount,
      a.position + (select coalesce(max(o.position), 0) from order_discounts o where o.order_id = p_order.id)
    from rows from (jsonb_to_recordset(p_plan -> 'discounts') as (promotion_id integer, name text, amount numeric))
      with ordinality as a (promotion_id, name, amount, position)
    order by a.promotion_id
    on conflict (order_id, promotion_id) do update set amount = d.amount + excluded.amount;
end $$;

revoke execute on function change_discounts(orders, jsonb) from public;
