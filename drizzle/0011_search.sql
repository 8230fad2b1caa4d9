-- Replaced by one that lists a part of the products a call.
drop function if exists refresh_search();
