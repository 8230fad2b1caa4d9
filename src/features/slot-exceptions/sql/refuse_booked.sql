-- Refuses to close times for which orders are booked, [{date, slot_id}] with a slot_id of null for all slots. The numbers are those of
-- orders that exist and that the caller sees; what is being paid for at the moment, or is of a branch beyond the caller's, is counted alone.
create or replace function refuse_booked(p_branch_id integer, p_closings jsonb) returns void language plpgsql as $$
declare
  booked record;
begin
  select count(*)::integer as orders, count(*) filter (where o.placed_at is null)::integer as being_paid,
      coalesce(jsonb_agg(o.order_number order by o.id) filter (where o.placed_at is not null and sees_branch(o.branch_id)), '[]') as numbers
    into booked
    from orders o
    where o.branch_id = p_branch_id and o.delivery_slot_id is not null and o.status not in ('DELIVERED', 'CANCELED')
      and exists (
        select from jsonb_to_recordset(p_closings) as c (date date, slot_id integer)
        where c.date = o.delivery_date and (c.slot_id is null or c.slot_id = o.delivery_slot_id)
          -- A slot with an exception of its own is not closed with its day.
          and (c.slot_id is not null or not exists (
            select from slot_exceptions e where e.date = c.date and e.slot_id = o.delivery_slot_id and not e.closed)));
  perform guard(booked.orders = 0, 'ORDERS_BOOKED', jsonb_build_object('orders', booked.orders,
    'order_numbers', booked.numbers, 'being_paid', booked.being_paid));
end $$;
