-- Splits an amount that is credited of a receipt into goods at the STANDARD rate, goods at no VAT, and deposits: as wanted, as far as
-- the parts that are left of the receipt go. Without a wish (null) it lowers the prices of all goods alike; a deposit goes last.
create or replace function split_credit(p_amount numeric, p_wanted_standard numeric, p_wanted_zero numeric, p_wanted_deposit numeric,
    p_left_standard numeric, p_left_zero numeric, p_left_deposit numeric,
    out standard numeric, out zero numeric, out deposit numeric) language plpgsql immutable as $$
declare
  goods numeric := least(p_amount, p_left_standard + p_left_zero);
  rest numeric;
begin
  if p_wanted_standard is null then
    standard := coalesce(round(goods * p_left_standard / nullif(p_left_standard + p_left_zero, 0), 2), 0);
    zero := goods - standard;
    deposit := p_amount - goods;
    return;
  end if;
  deposit := least(p_wanted_deposit, p_left_deposit);
  standard := least(p_wanted_standard, p_left_standard);
  zero := least(p_wanted_zero, p_left_zero);
  rest := p_amount - standard - zero - deposit;
  goods := least(rest, p_left_standard - standard);
  standard := standard + goods;
  rest := rest - goods;
  goods := least(rest, p_left_zero - zero);
  zero := zero + goods;
  deposit := deposit + rest - goods;
end $$;
