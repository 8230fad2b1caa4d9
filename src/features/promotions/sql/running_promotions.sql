-- The promotions that are switched on and within their period. The one place for this rule.
create or replace view running_promotions as
  select * from promotions where is_active and starts_at <= now() is not false and now() < ends_at is not false;
