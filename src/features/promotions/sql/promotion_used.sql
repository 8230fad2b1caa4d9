-- Counts the orders that use a promotion with a `limit_total`. Its row is the lock: concurrent purchases count one after the other.
-- Owner's rights: the Worker's role may not change the count.
create or replace function promotion_used() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    update promotions set used = used - 1 where id = new.promotion_id and limit_total is not null;
    return null;
  end if;
  update promotions set used = used + 1 where id = new.promotion_id and limit_total is not null and used < limit_total;
  if not found and exists (select from promotions where id = new.promotion_id and limit_total is not null) then
    perform guard(false, 'COUPON_EXHAUSTED', jsonb_build_object('promotion_id', new.promotion_id, 'name', new.name, 'reason', 'EXHAUSTED'));
  end if;
  return null;
end $$;

create or replace trigger promotion_used after insert on order_discounts for each row execute function promotion_used();

create or replace trigger promotion_released after update on order_discounts for each row
  when (old.released_at is null and new.released_at is not null) execute function promotion_used();
