-- The terms of a text in their order: a run of letters and digits with the apostrophes and hyphens inside it ("coca-cola", "1.5l",
-- "3.8%"), or a run of a script that is written without spaces.
create or replace function search_terms(p_text text) returns setof text language sql immutable parallel safe as $$
  select found[1]
  from regexp_matches(
    regexp_replace(fold_text(p_text), '([' || unspaced_letters() || ']+)', ' \1 ', 'g'),
    '[' || unspaced_letters() || ']+'
    '|(?:[0-9]+\.(?=[0-9])|[[:alnum:]])+%?(?:[-'']+(?:[0-9]+\.(?=[0-9])|[[:alnum:]])+%?)*',
    'g') found
$$;
