import { type SQL, sql } from 'drizzle-orm';
import { deleteInBatches, type Job, systemBatch } from '../background.ts';
import { statement } from '../db/statement.ts';

const expiry = (table: string, key: string, where: SQL): Job => ({
  name: `expire_${table}`,
  run: async (services, allowance) => ({ deleted: await deleteInBatches(services, allowance, { table, key, where }) }),
});

/** A failed mail stays for the record, without the name and the address in it; staff have been alerted for a week. */
const forgetFailedMails: Job = {
  name: 'forget_failed_mails',
  run: async (services, allowance) => {
    const counts = { forgotten: 0 };
    while (allowance.take(1)) {
      const [[done]] = await systemBatch(services)([FORGET]);
      counts.forgotten += done?.count ?? 0;
      if ((done?.count ?? 0) < ROWS) break;
    }
    return counts;
  },
};

const ROWS = 500;
const FORGET = statement<{ count: number }>(sql`
  with old as materialized (
    select id from outbox where status = 'FAILED' and created_at < now() - interval '30 days' and payload <> '{}'
    limit ${ROWS} for update skip locked
  ), forgotten as (
    update outbox set payload = '{}' where id in (select id from old) returning 1
  )
  select count(*)::int as count from forgotten`);

/** What has served its time, each with the rule by which it goes. */
export const expiries: readonly Job[] = [
  // A retry must still find the key of a payment whose outcome is unknown.
  expiry(
    'idempotency_keys',
    'user_id, scope, key',
    sql`idempotency_key_expired(created_at) and leased_until <= now() and not exists (
      select from payments p where p.order_id = idempotency_keys.order_id and p.status = 'PENDING')`,
  ),
  // A token of a session that is gone is refused like one of a session that has ended.
  expiry('sessions', 'id', sql`expires_at < now() - interval '30 days' or revoked_at < now() - interval '30 days'`),
  // By then no code of it counts against the hourly limit, and no verification opens a registration.
  expiry('registration_codes', 'email', sql`expires_at < now() - interval '1 hour'`),
  // By then no mail of it counts against the daily limit either.
  expiry('password_resets', 'user_id', sql`expires_at <= now() and not now() - interval '24 hours' < any (sent_at)`),
  // A day without a failure makes the next lock a short one again.
  expiry('login_throttles', 'email, network', sql`updated_at < now() - interval '24 hours'`),
  expiry('outbox', 'id', sql`status = 'SENT' and sent_at < now() - interval '30 days'`),
  forgetFailedMails,
];
