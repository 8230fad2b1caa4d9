-- The translations with those given, {language: {field: text}}, in the place of what was there; a null takes a text away.
create or replace function merge_translations(p_old jsonb, p_given jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(merged.language, merged.texts) filter (where merged.texts <> '{}'), '{}')
  from (
    select coalesce(o.key, g.key) as language, jsonb_strip_nulls(coalesce(o.value, '{}') || coalesce(g.value, '{}')) as texts
    from jsonb_each(p_old) o full join jsonb_each(p_given) g on g.key = o.key
  ) merged
$$;
