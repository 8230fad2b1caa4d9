-- Refuses substitutes that are no products, and the product itself.
create or replace function guard_choice(p_substitution jsonb, p_product_id integer) returns void language plpgsql stable as $$
declare
  chosen integer[] := choice_of(p_substitution);
begin
  perform guard((select count(*) from products where id = any (chosen)) = coalesce(cardinality(chosen), 0), 'PRODUCT_NOT_FOUND');
  perform guard(p_product_id = any (chosen) is not true, 'UNPROCESSABLE', jsonb_build_object('product_id', p_product_id));
end $$;
