-- Milliseconds until the next scheduled price begins or ends, null if none does. Raises MSDUE if one is due and not applied yet: the
-- Worker then applies it in a transaction of its own (apply_due_prices) and repeats this one, so no reader ever sees a late price.
-- The one place that says when a scheduled price takes effect: by the database's clock of this moment, not of the start of the
-- transaction, which may have waited for a lock since.
create or replace function until_price_change() returns float8 language plpgsql stable as $$
declare
  next_due timestamptz;
begin
  select due_at into next_due from scheduled_prices where due_at is not null order by due_at limit 1;
  if next_due <= clock_timestamp() then
    raise exception using errcode = 'MSDUE', message = 'PRICES_DUE';
  end if;
  return floor(extract(epoch from next_due - clock_timestamp()) * 1000);
end $$;
