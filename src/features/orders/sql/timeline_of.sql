-- The timeline of an order as JSON, from the months since it was placed. In PL/pgSQL, which keeps its plan: planning for every month takes
-- longer than reading one order.
create or replace function timeline_of(p_order_id integer, p_placed_at timestamptz) returns json
  language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return (select coalesce(json_agg(json_build_object('status', e.status, 'at', e.at) order by e.at, e.id), '[]')
    from order_events e where e.order_id = p_order_id and e.at >= p_placed_at);
end $$;
