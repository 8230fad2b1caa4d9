-- An event for a claim that is filed, and for each change of it.
create or replace function claim_event() returns trigger language plpgsql as $$
declare
  kind text := 'claim.created';
begin
  if tg_op = 'UPDATE' then
    kind := case when old.status <> new.status then 'claim.decided' else 'claim.updated' end;
  end if;
  insert into public.events (type, entity_type, entity_id, version, order_id, branch_id, data)
    values (kind, 'claim', new.id, new.version, new.order_id, (select branch_id from orders where id = new.order_id),
      jsonb_build_object('order_id', new.order_id, 'status', new.status, 'wanted', new.wanted, 'amount', new.amount::text,
        'approved_amount', new.approved_amount::text));
  return null;
end $$;

create or replace trigger claim_event_insert after insert on claims for each row execute function claim_event();
create or replace trigger claim_event_update after update on claims for each row
  when (old.* is distinct from new.*) execute function claim_event();
