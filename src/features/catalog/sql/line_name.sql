-- The name that a line recorded, in a language only while its product is still called so: a product that was renamed changes no order.
create or replace function line_name(p_recorded text, p_name text, p_translations jsonb, p_language text) returns text
  language sql immutable parallel safe as $$
  select case when p_name = p_recorded then coalesce(p_translations -> p_language ->> 'name', p_recorded) else p_recorded end
$$;
