-- Raises the total of a locked order by what its goods weigh more. The only way in which it rises.
-- Owner's rights: the Worker's role cannot change a total.
create or replace function add_weight_charge(p_order_id integer, p_amount numeric) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform guard(p_amount > 0 and exists (
    select from payments where order_id = p_order_id and status in ('AUTHORIZED', 'FAILED') and margin_amount >= p_amount), 'CONFLICT');
  update orders set weight_charge = weight_charge + p_amount, total_amount = total_amount + p_amount where id = p_order_id;
end $$;
