-- Categories that are switched off, or lie below one that is: what stands in them is not on sale.
create or replace function hidden_categories() returns setof integer language sql stable as $$
  with recursive hidden as (
    select id from categories where not is_active
    union
    select c.id from categories c join hidden on c.parent_id = hidden.id
  )
  select id from hidden
$$;
