-- Keeps what the receipt of an order shows, before the first amendment after it changes the order: a receipt never changes.
-- Owner's rights: the Worker's role cannot write receipts.
create or replace function keep_receipt(p_order_id integer) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into amended_receipts (order_id, lines, delivery_fee, delivery_address)
    select c.order_id, (select jsonb_agg(l order by l.order_item_id) from receipt_lines(c.order_id, c.is_picked) l), o.delivery_fee, o.delivery_address
    from receipts c join orders o on o.id = c.order_id where c.order_id = p_order_id
    on conflict do nothing
$$;

revoke execute on function keep_receipt(integer) from public;
