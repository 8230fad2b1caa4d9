-- The VAT in an amount that includes it; p_rate in percent. Rounded half up.
create or replace function vat_in(p_gross numeric, p_rate numeric) returns numeric language sql immutable as $$
  select round(p_gross * p_rate / (100 + p_rate), 2)
$$;
