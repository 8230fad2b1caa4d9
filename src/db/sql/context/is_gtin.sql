-- Whether a text is a GTIN of 8, 12, 13 or 14 digits whose check digit is right: from its left neighbour on, digits weigh 3 and 1 in turns.
create or replace function is_gtin(p_text text) returns boolean language sql immutable strict parallel safe as $$
  select p_text ~ '^(\d{8}|\d{12,14})$' and (
    select sum(digit::integer * case when place % 2 = 0 then 3 else 1 end) % 10 = 0
    from string_to_table(reverse(p_text), null) with ordinality digits (digit, place) where digit ~ '\d')
$$;
