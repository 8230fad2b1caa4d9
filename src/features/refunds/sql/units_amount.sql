-- The amount for the next p_units of a line, after p_refunded of them. Rounded cumulatively, so that the amounts of all units add up
-- to p_paid in whatever portions they are refunded.
create or replace function units_amount(p_paid numeric, p_quantity integer, p_refunded integer, p_units integer)
  returns numeric language sql immutable as $$
  select round(p_paid * (p_refunded + p_units) / p_quantity, 2) - round(p_paid * p_refunded / p_quantity, 2)
$$;
