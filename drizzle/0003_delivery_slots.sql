-- Places of a slot on a date that are gone: orders, also those being paid for, and what other carts hold.
-- To decide on it, lock the slot's row first.
create function slot_places_taken(p_slot_id integer, p_date date, p_except_cart integer default null)
  returns integer language sql stable as $$
  select (
    (select count(*) from orders o
      where o.delivery_slot_id = p_slot_id and o.delivery_date = p_date and o.status <> 'CANCELED')
    + (select count(*) from slot_holds h
        where h.slot_id = p_slot_id and h.delivery_date = p_date and h.expires_at > now()
          and h.cart_id is distinct from p_except_cart)
  )::integer
$$;
--> statement-breakpoint

-- When a slot begins on a date of the shop's calendar.
create function slot_starts_at(p_date date, p_start_time time, p_time_zone text)
  returns timestamptz language sql stable as $$ select (p_date + p_start_time) at time zone p_time_zone $$;
--> statement-breakpoint

-- The next date of the shop's calendar on which a weekly slot has not begun yet. 0 = Sunday.
create function slot_next_date(p_day_of_week integer, p_start_time time, p_time_zone text)
  returns date language sql stable as $$
  select case when slot_starts_at(upcoming, p_start_time, p_time_zone) > now() then upcoming else upcoming + 7 end
  from (select (now() at time zone p_time_zone)::date as today) shop
  cross join lateral (
    select today + (p_day_of_week - extract(dow from today)::integer + 7) % 7 as upcoming
  ) week
$$;
