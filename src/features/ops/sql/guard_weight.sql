-- Refuses a weight that the nominal pieces of a product cannot have, unless a manager gives a reason.
create or replace function guard_weight(p_grams integer, p_units integer, p_nominal_grams integer, p_tolerance_percent numeric,
    p_override_reason text) returns void language plpgsql stable as $$
declare
  nominal bigint := p_nominal_grams::bigint * p_units;
begin
  perform guard(p_nominal_grams is not null, 'NOT_SOLD_BY_WEIGHT');
  perform guard(
    abs(p_grams - nominal) * 100 <= nominal * p_tolerance_percent
      or p_override_reason is not null
        and exists (select from users where id = current_actor() and role in ('MANAGER', 'ADMIN')),
    'WEIGHT_OUT_OF_RANGE', jsonb_build_object('picked_grams', p_grams, 'minimum_grams', ceil(nominal * (1 - p_tolerance_percent / 100)),
      'maximum_grams', floor(nominal * (1 + p_tolerance_percent / 100))));
end $$;
