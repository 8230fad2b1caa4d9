-- The products that a customer names as substitutes, {policy, product_ids}; null unless the policy is SPECIFIC.
create or replace function choice_of(p_substitution jsonb) returns integer[] language sql immutable as $$
  select case p_substitution ->> 'policy' when 'SPECIFIC' then
    array(select value::integer from jsonb_array_elements_text(p_substitution -> 'product_ids')) end
$$;

comment on function choice_of is 'nullable: choice_of';
