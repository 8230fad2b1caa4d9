import { type SQL, sql } from 'drizzle-orm';
import { type Statement, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';

/** Failures counted together: those for one email from a known network of its owner, or from all other networks (''). */
export interface Counted {
  email: string;
  network: string;
}

/** The columns that `throttled` selects. */
export interface ThrottledRow {
  network: string;
  wait_seconds: number | null;
}

/**
 * Joins to `u` the failure count that applies to this network, with the rest of its lock. A network from which the account was
 * recently signed in to is counted separately, so that failures elsewhere cannot lock the owner out.
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

/** Locked by failures that were recorded while the password was being compared. */
export const isLocked = ({ email, network }: Counted): SQL =>
  sql`exists (select from login_throttles where email = ${email} and network = ${network} and locked_until > now())`;

/** @throws AppError 429 while the count is locked */
export function refuseLocked({ wait_seconds }: ThrottledRow): void {
  if (!wait_seconds) return;
  throw new AppError('RATE_LIMITED', 'Too many failed sign-ins for this account. Wait before trying again.', {
    headers: { 'Retry-After': String(wait_seconds) },
  });
}

/** Counts a failed attempt and records its security event under the email, whether or not it has an account. */
export const recordFailure = (counted: Counted): [Statement, Statement] => [
  countFailure(counted),
  statement(sql`
    insert into audit_log (entity_type, entity_id, action, context)
    select 'user', (select id from users where email = ${counted.email}), 'LOGIN_FAILURE',
           jsonb_build_object('request_id', current_request(), 'email', ${counted.email}::text)`),
];

/** Ten failures within 15 minutes lock sign-ins for a minute; every further failure doubles that, up to an hour. */
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
      -- Failures that were in progress when the lock was set do not extend it.
      from (select array_agg(at order by at) as failures,
                   count(*) >= 10 and coalesce(t.locked_until <= now(), true) as locks
            from unnest(t.failed_at || now()) as at where at > now() - interval '15 minutes') recent
    )`);

/** A successful sign-in clears the count of its own network; those of other networks stay. */
export const forgetFailures = ({ email, network }: Counted, condition: SQL): Statement =>
  statement(sql`delete from login_throttles where email = ${email} and network = ${network} and ${condition}`);
