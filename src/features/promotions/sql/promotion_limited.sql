-- A promotion that gets a limit starts counting with the orders that use it already. Whoever sets a limit has locked the row for update:
-- a purchase that is about to use the promotion waits at its foreign key, and is counted after that.
create or replace function promotion_limited() returns trigger language plpgsql as $$
begin
  new.used := case when new.limit_total is null then 0 else (
    select count(*) from order_discounts where promotion_id = new.id and released_at is null) end;
  perform guard(new.used <= coalesce(new.limit_total, new.used), 'LIMIT_BELOW_USES', jsonb_build_object('used', new.used));
  return new;
end $$;

create or replace trigger promotion_limited before update of limit_total on promotions for each row
  when (old.limit_total is distinct from new.limit_total) execute function promotion_limited();
