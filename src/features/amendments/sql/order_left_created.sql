-- Picking has started, or the order is delayed or canceled: what its customer was about to add is held no longer. One that is being paid
-- for stays, and is refused when its payment is settled.
create or replace function order_left_created() returns trigger language plpgsql as $$
declare
  open record;
begin
  for open in select id, status from order_amendments where order_id = new.id and status in ('OPEN', 'PAYING') loop
    if open.status = 'OPEN' then
      perform close_amendment(open.id, new.status);
    else
      perform free_amended(new.id);
    end if;
  end loop;
  return null;
end $$;

create or replace trigger order_left_created after update of status on orders for each row
  when (old.status = 'CREATED' and new.status <> 'CREATED' and old.placed_at is not null) execute function order_left_created();
