import { type SQL, sql } from 'drizzle-orm';
import { type Allowance, type Counts, type Services, systemBatch } from '../../background.ts';
import { shopName } from '../../config.ts';
import { type Statement, setAuditAction, statement } from '../../db/statement.ts';
import type { SendOutcome } from '../../webhooks/send.ts';
import { nextAttemptSeconds } from './schedule.ts';

interface DueDelivery {
  id: number;
  event_id: number;
  attempts: number;
  payload: Record<string, unknown> & { created_at: string };
  url: string;
  secrets: string[];
}

type WebhookServices = Services & { readonly env: Env };

/** At once to one receiver. */
const AT_ONCE = 5;
/** A receiver's object may use six connections: these, and one for its name. */
const LEASE = '1 minute';

/** Sends what is due, to all receivers at once: a slow one has its own object, its own round trips and delays nobody. */
export async function deliverWebhooks(services: WebhookServices, allowance: Allowance): Promise<Counts> {
  const counts = { delivered: 0, retried: 0, given_up: 0 };
  if (!allowance.take(1)) return counts;
  const [receivers] = await systemBatch(services)([RECEIVERS_WITH_WORK]);
  await Promise.all(
    receivers.map(async ({ id }) => {
      for (const result of await deliverTo(services, id, allowance)) counts[result] += 1;
    }),
  );
  return counts;
}

type Result = 'delivered' | 'retried' | 'given_up';

async function deliverTo(services: WebhookServices, webhookId: number, allowance: Allowance): Promise<Result[]> {
  const { env, config } = services;
  const lane = env.WEBHOOK_LANE.getByName(`${shopName(config)}/${webhookId}`);
  const results: Result[] = [];
  while (allowance.take(3)) {
    const [due] = await systemBatch(services)([claim(webhookId)]);
    if (due.length === 0) break;
    const messages = due.map(({ event_id, url, secrets, payload }) => ({
      id: `evt_${event_id}`,
      url,
      secrets,
      body: JSON.stringify({ ...payload, timestamp: payload.created_at }),
    }));
    const outcomes = await lane.deliver(messages, config.webhooks);
    const records = due.map((delivery, index) => recordOf(webhookId, delivery, outcomes[index]));
    await systemBatch(services)(records.flatMap(({ statements }) => statements));
    results.push(...records.map(({ result }) => result));
    // It does not answer: what is left waits for its next attempt, instead of trying each in vain.
    if (records.every(({ result }) => result !== 'delivered')) break;
  }
  return results;
}

const IS_DUE = sql.raw("d.status = 'PENDING' and d.next_attempt_at <= now()");

const RECEIVERS_WITH_WORK = statement<{ id: number }>(sql`
  select w.id from webhooks w
  where w.is_active and exists (select from webhook_deliveries d where d.webhook_id = w.id and ${IS_DUE}) order by w.id`);

const claim = (webhookId: number): Statement<DueDelivery> =>
  statement(sql`
    with due as materialized (
      select d.id from webhook_deliveries d
      where d.webhook_id = ${webhookId} and ${IS_DUE}
        and exists (select from webhooks w where w.id = d.webhook_id and w.is_active)
      order by d.next_attempt_at, d.id limit ${AT_ONCE} for update skip locked
    ), claimed as (
      update webhook_deliveries set attempts = attempts + 1, next_attempt_at = now() + ${LEASE}::interval
      where id in (select id from due) returning id, webhook_id, event_id, attempts, payload
    )
    select c.id, c.event_id::float8 as event_id, c.attempts, c.payload, w.url,
      array_to_json(array_remove(array[w.secret, case when w.previous_secret_until > now() then w.previous_secret end], null)) as secrets
    from claimed c join webhooks w on w.id = c.webhook_id order by c.id`);

function recordOf(webhookId: number, { id, attempts }: DueDelivery, outcome: SendOutcome | undefined) {
  const { ok = false, status = null, error = 'No outcome', gone = false } = outcome ?? {};
  // If our lease ended and somebody else claimed it, that result counts.
  const isStillOurs = sql`id = ${id} and status = 'PENDING' and attempts = ${attempts}`;
  if (ok) {
    const record = statement(sql`
      update webhook_deliveries set status = 'SUCCEEDED', settled_at = now(), response_status = ${status}::int, last_error = null
      where ${isStillOurs}`);
    return { result: 'delivered' as const, statements: [record] };
  }
  const wait = gone ? null : nextAttemptSeconds(attempts);
  if (wait !== null) {
    const record = statement(sql`
      update webhook_deliveries set next_attempt_at = now() + make_interval(secs => ${wait}::int), response_status = ${status}::int,
        last_error = ${error}
      where ${isStillOurs}`);
    return { result: 'retried' as const, statements: [record] };
  }
  const reason = gone ? 'The receiver answered 410' : `A delivery failed for three days: ${error}`;
  return { result: 'given_up' as const, statements: giveUp(webhookId, isStillOurs, { status, error, reason }) };
}

/** The receiver is switched off; what else waits for it stays, for when it is switched on again. */
const giveUp = (
  webhookId: number,
  isStillOurs: SQL,
  { status, error, reason }: { status: number | null; error: string | null; reason: string },
): Statement[] => [
  setAuditAction('webhook', 'DEACTIVATE'),
  statement(sql`
    with failed as (
      update webhook_deliveries set status = 'FAILED', settled_at = now(), response_status = ${status}::int, last_error = ${error}
      where ${isStillOurs} returning 1
    )
    update webhooks set is_active = false, disabled_at = now(), disabled_reason = ${reason}, updated_at = now()
    where id = ${webhookId} and is_active and exists (select from failed)`),
];
