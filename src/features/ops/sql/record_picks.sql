-- What a handheld gathered off line, each operation in its own savepoint and each op_id once for ever:
-- p_operations [{position, op_id, order_id, item_id, picked_status, picked_quantity, picked_grams, replacement_product_id, reason, at}].
-- They are done in the order in which they happened. One that happened before a line was last set changes nothing.
-- Locks the orders by id, then all shelves by id, so that two handhelds cannot deadlock.
create or replace function record_picks(p_operations jsonb)
  returns table (item_position integer, result text, refusal text, is_superseded boolean, products integer[])
  language plpgsql as $$
#variable_conflict use_column
declare
  op record;
  known pick_operations;
  violated text;
begin
  perform from orders o
    where o.id in (select (value ->> 'order_id')::integer from jsonb_array_elements(p_operations)) order by o.id for update;
  perform from inventory v
    where v.id in (
      select v.id
      from jsonb_to_recordset(p_operations) as op (item_id integer, replacement_product_id integer)
      join order_items i on i.id = op.item_id
      join orders o on o.id = i.order_id
      cross join unnest(array[i.product_id, i.replacement_product_id, op.replacement_product_id]) as shelf (product_id)
      join inventory v on v.product_id = shelf.product_id and v.branch_id = o.branch_id
      where op.replacement_product_id is not null or i.replacement_product_id is not null)
    order by v.id for update;
  for op in
    select op.* from jsonb_to_recordset(p_operations) as op (position integer, op_id uuid, order_id integer, item_id integer,
      picked_status text, picked_quantity integer, picked_grams integer, replacement_product_id integer, reason text, at timestamptz)
    order by op.at, op.position
  loop
    item_position := op.position;
    result := 'ok';
    refusal := null;
    is_superseded := false;
    products := '{}';
    begin
      perform guard(exists (
        select from order_items i join orders o on o.id = i.order_id
        where i.id = op.item_id and o.id = op.order_id and sees_branch(o.branch_id)), 'NOT_FOUND');
      insert into pick_operations as made (op_id, order_item_id, at, is_superseded)
        select op.op_id, i.id, op.at, coalesce(i.picked_as_of > op.at, false) from order_items i where i.id = op.item_id
        on conflict (op_id) do nothing returning made.is_superseded into is_superseded;
      if not found then
        select * into known from pick_operations where op_id = op.op_id;
        perform guard(known.order_item_id = op.item_id, 'IDEMPOTENCY_KEY_REUSE_MISMATCH');
        result := 'repeated';
        is_superseded := known.is_superseded;
      elsif not is_superseded then
        products := pick_line(op.order_id, op.item_id, op.picked_status, op.replacement_product_id, op.picked_quantity, op.picked_grams,
          op.reason, null, least(op.at, now()));
      end if;
    exception
      when sqlstate 'MSGRD' then
        result := 'error';
        refusal := sqlerrm;
        is_superseded := false;
      when check_violation then
        get stacked diagnostics violated = constraint_name;
        result := 'error';
        refusal := violated;
        is_superseded := false;
    end;
    return next;
  end loop;
end $$;

comment on function record_picks is 'nullable: refusal';
