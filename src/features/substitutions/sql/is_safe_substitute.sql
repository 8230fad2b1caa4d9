-- Whether a product may be suggested instead of another: never one with an allergen that the original lacks (traces count, but what was
-- a trace must not become an ingredient), never one that is not kosher, or not for Passover, for one that is, never one for adults alone
-- for one that anybody may buy.
create or replace function is_safe_substitute(p_original products, p_other products) returns boolean language sql immutable as $$
  select p_original.id <> p_other.id
    and p_other.allergens <@ p_original.allergens
    and p_other.may_contain <@ (p_original.allergens || p_original.may_contain)
    and (not p_original.dietary && '{kosher-dairy,kosher-meat,parve}'::text[] or p_other.dietary && '{kosher-dairy,kosher-meat,parve}'::text[])
    and ('kosher-passover' <> all (p_original.dietary) or 'kosher-passover' = any (p_other.dietary))
    and (p_other.age_restricted is null or p_original.age_restricted is not null)
$$;
