-- The open cart of a user, made if there is none. A cart that is paid for between the two statements is followed by a new one.
create or replace function read_cart(p_user_id integer, p_branch_id integer)
  returns table (id integer, user_id integer, total_amount numeric, deposit_total numeric, reserved_until timestamptz, items json, discounts jsonb, coupon json)
  language plpgsql rows 1 as $$
#variable_conflict use_column
begin
  loop
    return query select c.* from open_cart(p_user_id, p_branch_id) c;
    exit when found;
    perform make_cart(p_user_id);
  end loop;
end $$;

comment on function read_cart is 'nullable: reserved_until, coupon';
