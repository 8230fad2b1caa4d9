-- Closes the open proposals of a locked order, or of one line of it, and frees their stock: staff did something else.
create or replace function withdraw_proposals(p_order_id integer, p_item_id integer default null) returns void language plpgsql as $$
declare
  withdrawn integer[];
begin
  with closed as (
    update substitution_proposals set status = 'WITHDRAWN', answered_at = now()
    where order_id = p_order_id and status = 'OPEN' and order_item_id = coalesce(p_item_id, order_item_id) returning product_id
  )
  select array_agg(distinct product_id order by product_id) into withdrawn from closed;
  perform hold_proposals(p_order_id, product_id) from unnest(withdrawn) as product_id;
end $$;
