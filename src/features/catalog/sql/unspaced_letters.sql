-- The letters of scripts that are written without spaces, for a bracket expression: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
create or replace function unspaced_letters() returns text language sql immutable parallel safe as $$
  select '\u0e00-\u0e3e\u0e40-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f'
$$;
