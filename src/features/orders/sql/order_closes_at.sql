-- Until when a customer can change an order or pay for it: the cut-off of its slot, and never after its window begins. A pickup has
-- no slot.
create or replace function order_closes_at(p_order orders) returns timestamptz language sql stable as $$
  select least(p_order.window_start, (
    select slot_closes_at(p_order.delivery_date, d.start_time, d.cutoff_minutes, d.cutoff_day_before, p_order.time_zone)
    from delivery_slots d where d.id = p_order.delivery_slot_id))
$$;
