-- Applies the scheduled prices that are due, at most p_limit of them, and returns how many it applied. Ends come before starts, so that a
-- price that follows another one begins from the price before both. A product whose price was changed by hand in the meantime
-- keeps that one at the end. A customer in checkout keeps the price that the preview showed: see keep_shown_prices.
create or replace function apply_due_prices(p_limit integer) returns integer language plpgsql as $$
declare
  -- Locked: a concurrent call waits here, and then finds nothing left to do.
  due integer[] := array(
    select id from scheduled_prices where due_at <= now() order by due_at, status, id limit p_limit for update);
  touched integer[];
begin
  if due = '{}' then
    return 0;
  end if;
  perform set_audit_action('product', 'PRICE_SCHEDULE');
  touched := array(
    select p.id from products p
    where p.id in (select product_id from scheduled_prices where id = any (due))
    order by p.id for no key update);
  perform keep_shown_prices(touched);

  update products p set price = s.price_before, old_price = s.old_price_before, updated_at = now()
    from scheduled_prices s
    where s.id = any (due) and s.status = 'ACTIVE' and p.id = s.product_id
      and p.price = s.price and p.old_price is not distinct from s.old_price;
  update scheduled_prices set status = 'FINISHED', updated_at = now()
    where id = any (due) and (status = 'ACTIVE' or ends_at <= now());

  with started as (
    update scheduled_prices s
    set status = case when s.ends_at is null then 'FINISHED' else 'ACTIVE' end, price_before = was.price,
      old_price_before = was.old_price, updated_at = now()
    from products was where s.id = any (due) and s.status = 'PENDING' and was.id = s.product_id
    returning s.product_id, s.price, s.old_price
  )
  update products p set price = s.price, old_price = s.old_price, updated_at = now()
    from started s where p.id = s.product_id;
  perform set_audit_action('product', '');
  return cardinality(due);
end $$;
