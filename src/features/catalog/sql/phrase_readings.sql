-- How a phrase may stand in a text: the readings of its terms, put together. The readings of a phrase of several terms are limited to
-- sixteen.
create or replace function phrase_readings(p_phrase text) returns setof text language plpgsql immutable parallel safe as $$
declare
  readings text[] := '{""}';
  term text;
begin
  foreach term in array string_to_array(p_phrase, ' ') loop
    readings := array(
      select ltrim(so_far || ' ' || reading) from unnest(readings) so_far, unnest(term_readings(term)) reading limit 16);
  end loop;
  return query select unnest(readings);
end $$;
