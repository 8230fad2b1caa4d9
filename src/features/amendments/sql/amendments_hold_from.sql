-- Since when an order's changes that came to nothing have held stock and places without a pause of p_pause_minutes; now, if none does.
create or replace function amendments_hold_from(p_order_id integer, p_pause_minutes integer) returns timestamptz
  language sql stable as $$
  with held as (
    select id, created_at, expires_at + make_interval(mins => p_pause_minutes) as counts_until
    from order_amendments where order_id = p_order_id and status = 'CLOSED' and (plan -> 'is_held')::boolean
  )
  select coalesce(max(first.created_at), now()) from held first
  where exists (select from held where counts_until > now())
    and not exists (select from held before where before.id < first.id and before.counts_until > first.created_at)
$$;
