-- The units of an order line that were paid back: how many of the missing ones, how many of those in the bag, and for how much.
-- Units are paid back once. One that was paid back before its line was picked is a missing one, as far as any are: of two with one paid
-- back and one picked, nothing more is due, and the one in the bag is paid for. Once the line is picked, picking pays back what is
-- missing, so a refund of units is for those in the bag.
create or replace function paid_back_units(p_line order_items) returns table (missing integer, in_bag integer, amount numeric)
  language sql stable rows 1 as $$
  select least(back.early, bag.missing), back.units - least(back.early, bag.missing), back.amount
  from (select p_line.quantity - l.units as missing from picked_line(p_line) l) bag
  cross join lateral (
    select coalesce(sum(l.quantity), 0)::integer as units, coalesce(sum(l.quantity) filter (where not l.is_picked), 0)::integer as early,
      coalesce(sum(l.amount), 0) as amount
    from refund_lines l join refunds r on r.id = l.refund_id and r.status <> 'FAILED'
    where l.order_item_id = p_line.id
  ) back
$$;
