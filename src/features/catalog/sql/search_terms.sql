-- The terms of a text in their order: a run of letters and digits with the apostrophes, gereshes and hyphens inside it ("coca-cola",
-- "1.5l", "3.8%"), or a run of a script that is written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese).
create or replace function search_terms(p_text text) returns setof text language sql immutable parallel safe as $$
  select found[1]
  from regexp_matches(fold_text(p_text),
    '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+'
    '|(?:[0-9]+\.(?=[0-9])|(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f])[[:alnum:]])+%?'
    '(?:[-''`´‘’ʼ′׳‐‑]+(?:[0-9]+\.(?=[0-9])|(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f])[[:alnum:]])+%?)*',
    'g') found
$$;
