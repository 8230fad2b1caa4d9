-- The tables that are partitioned by month, and for how many whole months besides the present one the job keeps them; null: for ever,
-- until `npm run db:archive` takes old months away.
create or replace function monthly_tables() returns table (name text, kept integer) language sql immutable as $$
  values ('audit_log', null::integer), ('events', 3), ('notifications', null), ('order_events', null), ('stock_movements', null)
$$;

comment on function monthly_tables is 'nullable: kept';
