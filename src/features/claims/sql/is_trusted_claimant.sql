-- Whether a customer's claims may be approved automatically: not after three approved within 30 days. The lock makes concurrent claims
-- about several orders count one after the other. It is not the lock on the user's row, which a purchase takes after that on the credit
-- account: the two could deadlock.
create or replace function is_trusted_claimant(p_user_id integer) returns boolean language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('claims ' || p_user_id, 0));
  return 3 > (
    select count(*) from claims
    where user_id = p_user_id and status in ('APPROVED', 'PARTLY_APPROVED') and decided_at > now() - interval '30 days');
end $$;
