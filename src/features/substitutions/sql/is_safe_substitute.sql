-- Whether a product may be suggested instead of another. The place for allergens and dietary tags: never one with an allergen that the
-- original lacks, never one that is not kosher for one that is. Products do not have them yet.
create or replace function is_safe_substitute(p_original products, p_other products) returns boolean language sql immutable as $$
  select p_original.id <> p_other.id
$$;
