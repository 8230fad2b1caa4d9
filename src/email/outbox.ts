import { sql } from 'drizzle-orm';
import { Allowance, type Counts, type Services, soon, systemBatch } from '../background.ts';
import { MAX_ATTEMPTS, retryDelaySeconds } from '../backoff.ts';
import type { Config } from '../config.ts';
import { intArray, type Statement, statement } from '../db/statement.ts';
import type { Call } from '../http/context.ts';
import { type SendResult, sendMail } from './brevo.ts';
import { mailPayload } from './mail.ts';

/** A mail that has been claimed for sending. */
export interface DueMail {
  id: number;
  message_key: string;
  payload: unknown;
  attempts: number;
}

/** As many connections as an invocation may have open at once, less one for the database. */
const AT_ONCE = 5;
/** Subrequests of the work that follows a response: twenty mails. */
const AFTER_RESPONSE = 28;
/**
 * How long a claimed mail belongs to its claimer. Longer than sending takes, and shorter than the 30 minutes for which the
 * provider knows the mail's key: a second attempt is then recognised as a duplicate.
 */
export const MAIL_LEASE = '2 minutes';

// A mail with a code or a link is useless after these have expired.
const HAS_EXPIRED = sql.raw(
  "created_at + make_interval(mins => (payload->'params'->>'expires_minutes')::int) <= now()",
);
const IS_OVER = sql`(coalesce(${HAS_EXPIRED}, false) or attempts >= ${MAX_ATTEMPTS}::int)`;
const IS_DUE = sql.raw("status = 'PENDING' and next_attempt_at <= now()");
/** Secrets are removed once they are useless; mails without secrets stay whole, so that an operator can send them again. */
const WITHOUT_SECRETS = sql.raw("case when payload->'params' ? 'expires_minutes' then '{}' else payload end");

/** Sends what is due, a few mails at a time. A failing mail fails alone and comes again after a pause. */
export async function drainOutbox(services: Services, allowance: Allowance): Promise<Counts> {
  const counts = { sent: 0, retried: 0, failed: 0 };
  // The claim, the records, and Brevo once for each.
  while (allowance.take(2 + AT_ONCE)) {
    const [[over], due] = await systemBatch(services)([endWithoutSending, claim(AT_ONCE)]);
    counts.failed += over?.count ?? 0;
    if (due.length === 0) break;
    const outcomes = await deliver(services, due);
    for (const became of outcomes) counts[became] += 1;
    // The provider is down: the others wait for the next run as well.
    if (due.length < AT_ONCE || outcomes.every((became) => became === 'retried')) break;
  }
  return counts;
}

/** Sends mails that the caller has claimed, a few at a time, and records each result. */
async function deliver(services: Services, due: readonly DueMail[]): Promise<Outcome['became'][]> {
  const outcomes: Outcome[] = [];
  for (let from = 0; from < due.length; from += AT_ONCE) {
    const some = due.slice(from, from + AT_ONCE);
    outcomes.push(...(await Promise.all(some.map(async (mail) => outcomeOf(mail, await send(services, mail))))));
  }
  const sent = outcomes.flatMap((outcome) => (outcome.became === 'sent' ? [outcome.id] : []));
  const records = outcomes.flatMap((outcome) => (outcome.became === 'sent' ? [] : [outcome.record]));
  await systemBatch(services)([...(sent.length > 0 ? [recordSent(sent)] : []), ...records]);
  return outcomes.map((outcome) => outcome.became);
}

/** Sends what a command has just put into the outbox, after the response. */
export const drainSoon = (call: Call): void =>
  soon(call, 'drain_outbox', () => drainOutbox(call, new Allowance(AFTER_RESPONSE, Number.POSITIVE_INFINITY)));

/** So long after a response further mails may join the first one: at a busy moment they share a trip. */
const GATHER_MS = 100;
/** No more, or the last of them could outlast the time that is left after a response. */
const GATHERED = 20;
/** A sender that has not begun by then was canceled with its request. */
const GONE_MS = 5_000;

interface Gathering {
  /** Mails that commands of this isolate have claimed, and that are about to be sent. */
  mails: DueMail[];
  since: number;
}

const gatherings = new WeakMap<Config, Gathering>();

/** Sends a mail that a command has put into the outbox and claimed, after the response. */
export function sendSoon(call: Call, mail: DueMail): void {
  const gathering = gatherings.get(call.config) ?? { mails: [], since: 0 };
  gatherings.set(call.config, gathering);
  const now = Date.now();
  // What a sender that is gone has left behind is the job's, as soon as the claim runs out.
  if (now - gathering.since >= GONE_MS) gathering.mails = [];
  gathering.mails.push(mail);
  if (gathering.mails.length > 1) return;
  gathering.since = now;
  soon(call, 'send_mail', async () => {
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    const counts = { sent: 0, retried: 0, failed: 0 };
    const due = gathering.mails.splice(0);
    while (due.length > 0) for (const became of await deliver(call, due.splice(0, GATHERED))) counts[became] += 1;
    return counts;
  });
}

const endWithoutSending = statement<{ count: number }>(sql`
  with over as materialized (
    select id from outbox where ${IS_DUE} and ${IS_OVER} order by id limit 500 for update skip locked
  ), ended as (
    update outbox set status = 'FAILED', payload = ${WITHOUT_SECRETS},
      last_error = case when ${HAS_EXPIRED} then 'expired' else coalesce(last_error, 'no_outcome') end
    where id in (select id from over) returning 1
  )
  select count(*)::int as count from ended`);

const claim = (limit: number): Statement<DueMail> =>
  statement(sql`
    with due as materialized (
      select id from outbox where ${IS_DUE} and not ${IS_OVER}
      order by next_attempt_at, id limit ${limit} for update skip locked
    )
    update outbox o set attempts = o.attempts + 1, next_attempt_at = now() + ${MAIL_LEASE}::interval
    from due where o.id = due.id
    returning o.id, o.message_key, o.payload, o.attempts`);

async function send({ config }: Services, { payload, message_key }: DueMail): Promise<SendResult> {
  const mail = mailPayload.safeParse(payload);
  if (!mail.success) return { status: 'FAILED', reason: 'invalid_payload' };
  return sendMail(config.email, mail.data, message_key);
}

type Outcome = { became: 'sent'; id: number } | { became: 'retried' | 'failed'; record: Statement };

/** One statement for all of them: each would be planned by itself. */
const recordSent = (ids: readonly number[]): Statement =>
  statement(sql`update outbox set status = 'SENT', sent_at = now(), payload = '{}', last_error = null
                where id = any (${intArray(ids)})`);

function outcomeOf({ id, attempts }: DueMail, result: SendResult): Outcome {
  if (result.status === 'SENT') return { became: 'sent', id };
  // After our lease ended, another sender may have claimed the mail; its result counts.
  const isStillOurs = sql`id = ${id} and status = 'PENDING' and attempts = ${attempts}`;
  const wait = result.status === 'RETRY' ? retryDelaySeconds(attempts, result.retryAfterSeconds) : null;
  if (wait === null) {
    const record = statement(sql`
      update outbox set status = 'FAILED', last_error = ${result.reason}, payload = ${WITHOUT_SECRETS} where ${isStillOurs}`);
    return { became: 'failed', record };
  }
  const record = statement(sql`
    update outbox set last_error = ${result.reason}, next_attempt_at = now() + make_interval(secs => ${wait}::int)
    where ${isStillOurs}`);
  return { became: 'retried', record };
}
