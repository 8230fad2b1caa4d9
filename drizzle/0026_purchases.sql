-- What place_order asks of each line, read once with its price.
alter type priced_line add attribute age_restricted integer;--> statement-breakpoint
alter type priced_cart add attribute restricted integer[], add attribute is_weighed boolean;--> statement-breakpoint
-- They answer one row now, or a value: an assignment calls them without a query.
drop function if exists delivery_area, slot_window, slot_offer, make_cart, check_offer, forget_kept_prices;
