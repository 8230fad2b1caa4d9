-- The visible categories below one, including itself; all visible ones without an argument. Empty when the category is hidden.
create or replace function visible_categories(p_root integer default null) returns setof integer language sql stable as $$
  with recursive tree as (
    select id from categories where p_root is null and parent_id is null or id = p_root
    union
    select c.id from categories c join tree on c.parent_id = tree.id
  )
  select id from tree where id not in (select hidden_categories())
$$;
