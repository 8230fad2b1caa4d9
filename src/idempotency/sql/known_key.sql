-- What the row of a key tells whoever comes with it again; null without a row.
create or replace function known_key(p_user_id integer, p_scope text, p_key text) returns jsonb language plpgsql stable as $$
begin
  return (
    select jsonb_build_object(
      'fingerprint', fingerprint, 'status', response_status, 'body', response_body, 'order_id', order_id,
      'seconds_left', ceil(extract(epoch from leased_until - now()))::integer)
    from idempotency_keys where user_id = p_user_id and scope = p_scope and key = p_key);
end $$;
