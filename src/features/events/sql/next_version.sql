-- Numbers the changes of a row, so that a reader of events knows which is the newer state.
create or replace function next_version() returns trigger language plpgsql as $$
begin
  if new.version = old.version then
    new.version := old.version + 1;
  end if;
  return new;
end $$;

-- An order that is placed, and the first result of a payment, are version 1: before that they exist for nobody.
create or replace trigger next_version before update on orders for each row
  when (old.placed_at is not null) execute function next_version();
create or replace trigger next_version before update on payments for each row
  when (old.status <> 'PENDING') execute function next_version();
create or replace trigger next_version before update on claims for each row execute function next_version();
create or replace trigger next_version before update on products for each row execute function next_version();
-- Of a shelf only running out and coming back count; an import updates thousands of others.
create or replace trigger next_version before update on inventory for each row
  when ((old.on_hand = 0) <> (new.on_hand = 0)) execute function next_version();
