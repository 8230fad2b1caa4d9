-- The events that can be read by position, `(xid, id)`. A sequence alone skips events: a transaction that took a lower number may
-- commit after a reader has passed it. Here a reader sees only transactions older than the oldest one that still runs, so what
-- it has passed is complete. The price: a long transaction anywhere in the cluster delays all readers until it ends.
create or replace view settled_events as
  select id::float8 as id, xid || '-' || id as position, xid, id as number, type, entity_type, entity_id, version, data, created_at,
    order_id, branch_id
  from events where xid < pg_snapshot_xmin(pg_current_snapshot());
