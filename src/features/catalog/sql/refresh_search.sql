-- Lists every product anew when a function that makes its words has changed since the last time. Run by `migrate`.
create or replace function refresh_search() returns void language plpgsql as $$
declare
  sources text := (
    select md5(string_agg(p.prosrc, '' order by p.proname)) from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in ('fold_text', 'search_terms', 'term_readings', 'search_words', 'product_document', 'learn_words'));
begin
  if not exists (select from search_state where functions_hash = sources) then
    truncate search_variants;
    perform list_products(array(select id from products), true);
    insert into search_state (functions_hash) values (sources)
      on conflict (id) do update set functions_hash = excluded.functions_hash;
  end if;
end $$;

revoke execute on function refresh_search() from public;
