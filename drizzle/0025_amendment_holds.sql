-- Its holds have a limit now: p_renew_minutes, p_pause_minutes.
drop function if exists preview_amendment(integer, integer, integer, jsonb, integer, date, text, text, integer, integer, integer, text);
