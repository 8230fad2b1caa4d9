-- Gives every brand of these products its row, and the spelling that was written last. Locks in the order of the keys.
create or replace function learn_brands(p_ids integer[]) returns void language plpgsql as $$
begin
  if exists (
    select from products p left join brands b on b.key = text_key(p.brand)
    where p.id = any (p_ids) and p.brand is not null and b.name is distinct from p.brand
  ) then
    insert into brands as known (name)
      select distinct on (text_key(brand)) brand from products where id = any (p_ids) and brand is not null
      order by text_key(brand), updated_at desc, id desc
      on conflict (key) do update set name = excluded.name where known.name <> excluded.name;
  end if;
end $$;
