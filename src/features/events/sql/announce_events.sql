-- As publish_events, and says of which orders and branches the events are: those who follow them are told to read on.
create or replace function announce_events(p_limit integer)
  returns table (published integer, is_behind boolean, is_wanted boolean, orders jsonb, branches jsonb) language plpgsql rows 1 as $$
declare
  place event_cursors;
begin
  select * into place from event_cursors where name = 'published' for update;
  select p.published, p.is_behind, p.is_wanted into published, is_behind, is_wanted from publish_events(p_limit) p;
  select coalesce(jsonb_agg(distinct e.order_id) filter (where e.order_id is not null), '[]'),
      coalesce(jsonb_agg(distinct e.branch_id) filter (where e.branch_id is not null), '[]')
    into orders, branches
    from settled_events e join event_cursors c on c.name = 'published'
    where (e.xid, e.number) > (place.xid, place.number) and (e.xid, e.number) <= (c.xid, c.number);
  return next;
end $$;
