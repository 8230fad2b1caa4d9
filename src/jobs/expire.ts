import { type SQL, sql } from 'drizzle-orm';
import { deleteInBatches, type Job, systemBatch } from '../background.ts';
import { statement } from '../db/statement.ts';

const expiry = (table: string, key: string, where: SQL): Job => ({
  name: `expire_${table}`,
  run: async (services, allowance) => ({ deleted: await deleteInBatches(services, allowance, { table, key, where }) }),
});

/** A failed mail is kept without its payload (name, address); by then staff have seen the alert for a week. */
const eraseFailedMails: Job = {
  name: 'erase_failed_mails',
  run: async (services, allowance) => {
    const counts = { erased: 0 };
    while (allowance.take(1)) {
      const [[done]] = await systemBatch(services)([ERASE_FAILED_MAILS]);
      counts.erased += done?.count ?? 0;
      if ((done?.count ?? 0) < ROWS) break;
    }
    return counts;
  },
};

/** A few at a time: the audit of a person who shopped for years has thousands of rows. */
const PEOPLE = 5;
const erasePeople: Job = {
  name: 'erase_people',
  run: async (services, allowance) => {
    const counts = { erased: 0 };
    while (allowance.take(1)) {
      const [[done]] = await systemBatch(services)([
        statement<{ erased: number }>(sql`select erase_people(${PEOPLE}) as erased`),
      ]);
      counts.erased += done?.erased ?? 0;
      if ((done?.erased ?? 0) < PEOPLE) break;
    }
    return counts;
  },
};

const ROWS = 500;
const ERASE_FAILED_MAILS = statement<{ count: number }>(sql`
  with old as materialized (
    select id from outbox where status = 'FAILED' and created_at < now() - interval '30 days' and payload <> '{}'
    limit ${ROWS} for update skip locked
  ), erased as (
    update outbox set payload = '{}' where id in (select id from old) returning 1
  )
  select count(*)::int as count from erased`);

/** The rows to delete, by table, with the condition under which each expires. */
export const expiries: readonly Job[] = [
  // Kept while a payment is pending, because a retry needs the key to learn its outcome.
  expiry(
    'idempotency_keys',
    'user_id, scope, key',
    sql`idempotency_key_expired(created_at) and leased_until <= now() and not exists (
      select from payments p where p.order_id = idempotency_keys.order_id and p.status in ('PENDING', 'ACTION_REQUIRED'))`,
  ),
  // A token of a deleted session is refused like one of a revoked session.
  expiry('sessions', 'id', sql`expires_at < now() - interval '30 days' or revoked_at < now() - interval '30 days'`),
  // By then its codes no longer count against the hourly limit, and its verification has expired.
  expiry('registration_codes', 'email', sql`expires_at < now() - interval '1 hour'`),
  // By then its mails no longer count against the daily limit.
  expiry('password_resets', 'user_id', sql`expires_at <= now() and not now() - interval '24 hours' < any (sent_at)`),
  // After a day without failures, the next lock is a short one again.
  expiry('login_throttles', 'email, network', sql`updated_at < now() - interval '24 hours'`),
  // No provider sends a webhook again after so long.
  expiry('payment_events', 'provider, event_id', sql`received_at < now() - interval '90 days'`),
  expiry('webhook_deliveries', 'id', sql`settled_at < now() - interval '30 days'`),
  expiry('outbox', 'id', sql`status = 'SENT' and sent_at < now() - interval '30 days'`),
  eraseFailedMails,
  erasePeople,
];
