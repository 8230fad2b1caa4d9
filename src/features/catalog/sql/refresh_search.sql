-- Lists products anew, a thousand a call, when a function that makes their words has changed since all were listed. `migrate`
-- calls it after its transaction, each call in one of its own: no call keeps customers from buying for long, and one that is cut
-- off is made good by the next run. Answers the last product of this call, null when there is nothing left to do.
create or replace function refresh_search(p_after integer) returns integer language plpgsql as $$
declare
  sources text := (
    select md5(string_agg(p.prosrc, '' order by p.proname)) from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in ('text_key', 'fold_text', 'unspaced_letters', 'search_terms', 'numbers_apart', 'term_readings', 'term_words', 'search_words', 'search_signs', 'quoted_lexeme',
                        'product_documents',
                        'word_variants', 'learn_words', 'all_translations', 'searched_name', 'searched_description', 'synonym_phrases', 'learn_synonyms'));
  ids integer[];
begin
  if exists (select from search_state where functions_hash = sources) then
    return null;
  end if;
  ids := array(select id from products where id > p_after order by id limit 1000);
  if ids = '{}' then
    update search_synonyms set phrases = synonym_phrases(words) where phrases <> synonym_phrases(words);
    perform learn_synonyms(array(select id from search_synonyms));
    insert into search_state (functions_hash) values (sources)
      on conflict (id) do update set functions_hash = excluded.functions_hash;
    return null;
  end if;
  perform list_products(ids, true);
  return ids[cardinality(ids)];
end $$;

revoke execute on function refresh_search(integer) from public;
