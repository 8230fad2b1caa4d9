-- Passes the next events on: makes a delivery for each receiver that wants them. `is_behind`: there are more events, or some that
-- readers cannot see yet. `is_wanted`: there is a receiver at all. Publishers take turns by the lock on the cursor.
create or replace function publish_events(p_limit integer)
  returns table (published integer, is_behind boolean, is_wanted boolean) language plpgsql rows 1 as $$
declare
  place event_cursors;
begin
  select * into place from event_cursors where name = 'published' for update;
  is_wanted := exists (select from webhooks where is_active);
  with batch as materialized (
    select * from settled_events e where (e.xid, e.number) > (place.xid, place.number) order by e.xid, e.number limit p_limit
  ), queued as (
    insert into webhook_deliveries (webhook_id, event_id, type, payload)
      select w.id, b.number, b.type, jsonb_build_object('id', b.id, 'position', b.position, 'type', b.type,
          'entity_type', b.entity_type, 'entity_id', b.entity_id, 'version', b.version, 'data', b.data, 'created_at', b.created_at)
        from batch b join webhooks w on w.is_active and b.xid > w.since
          and w.events && array[b.type, split_part(b.type, '.', 1) || '.*', '*']
        order by b.xid, b.number
      on conflict do nothing
  ), moved as (
    update event_cursors c set xid = newest.xid, number = newest.number
      from (select * from batch order by xid desc, number desc limit 1) newest where c.name = 'published'
  )
  select count(*) into published from batch;
  is_behind := published = p_limit or exists (
    select from events e join event_cursors c on c.name = 'published' and (e.xid, e.id) > (c.xid, c.number));
  return next;
end $$;
