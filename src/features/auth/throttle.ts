import { type SQL, sql } from 'drizzle-orm';
import { type Statement, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';

/** Whose failures count together: those of one email from a network its owner uses, or from everywhere else (''). */
export interface Counted {
  email: string;
  network: string;
}

/** What `throttled` selects. */
export interface ThrottledRow {
  network: string;
  wait_seconds: number | null;
}

/**
 * Joins to `u` the count that a try from this network belongs to, with how long it is locked. A network from which the
 * account was signed in to lately has a count of its own, so that failures elsewhere cannot lock the owner out.
 */
export const throttled = (email: SQL, network: string | null): { columns: SQL; joins: SQL } => ({
  columns: sql`n.network, ceil(extract(epoch from t.locked_until - now()))::int as wait_seconds`,
  joins: sql`
    cross join lateral (
      select case when exists (
        select from sessions s
        where s.user_id = u.id and s.network = ${network}::text and s.created_at > now() - interval '30 days'
      ) then ${network}::text else '' end as network
    ) n
    left join login_throttles t on t.email = ${email} and t.network = n.network and t.locked_until > now()`,
});

/** Locked by failures that came in while a password was being compared. */
export const isLocked = ({ email, network }: Counted): SQL =>
  sql`exists (select from login_throttles where email = ${email} and network = ${network} and locked_until > now())`;

/** @throws AppError 429 while the count is locked */
export function refuseLocked({ wait_seconds }: ThrottledRow): void {
  if (!wait_seconds) return;
  throw new AppError('RATE_LIMITED', 'Too many failed sign-ins for this account. Wait before trying again.', {
    headers: { 'Retry-After': String(wait_seconds) },
  });
}

/** A failed try counts, and leaves its security event: the address is the key, known or not. */
export const recordFailure = (counted: Counted): [Statement, Statement] => [
  countFailure(counted),
  statement(sql`
    insert into audit_log (entity_type, entity_id, action, context)
    select 'user', (select id from users where email = ${counted.email}), 'LOGIN_FAILURE',
           jsonb_build_object('request_id', current_request(), 'email', ${counted.email}::text)`),
];

/** Ten failures within 15 minutes close the account to sign-ins for a minute; every further one doubles that, to an hour. */
const countFailure = ({ email, network }: Counted): Statement =>
  statement(sql`
    insert into login_throttles as t (email, network, failed_at) values (${email}, ${network}, array[now()])
    on conflict (email, network) do update set (failed_at, lock_count, locked_until, updated_at) = (
      select recent.failures,
             case when recent.locks then t.lock_count + 1 else t.lock_count end,
             case when recent.locks
               then now() + least(interval '1 minute' * power(2, least(t.lock_count, 6)), interval '1 hour')
               else t.locked_until end,
             now()
      -- Failures that were at work when the lock came do not make it a longer one.
      from (select array_agg(at order by at) as failures,
                   count(*) >= 10 and coalesce(t.locked_until <= now(), true) as locks
            from unnest(t.failed_at || now()) as at where at > now() - interval '15 minutes') recent
    )`);

/** A successful sign-in clears the count of its own network; those of other networks stay. */
export const forgetFailures = ({ email, network }: Counted, condition: SQL): Statement =>
  statement(sql`delete from login_throttles where email = ${email} and network = ${network} and ${condition}`);
