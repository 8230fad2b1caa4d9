import { sql } from 'drizzle-orm';
import { Allowance, type Counts, type Services, soon, systemBatch } from '../background.ts';
import { MAX_ATTEMPTS, retryDelaySeconds } from '../backoff.ts';
import type { Config } from '../config.ts';
import { intArray, type Statement, statement } from '../db/statement.ts';
import type { Call } from '../http/context.ts';
import { sleep } from '../sleep.ts';
import { type SendResult, sendMail } from './brevo.ts';
import { mailPayload } from './mail.ts';

/** A mail claimed for sending. */
export interface DueMail {
  id: number;
  message_key: string;
  payload: unknown;
  attempts: number;
}

/** Cloudflare allows six open connections per invocation; one is for the database. */
const CONCURRENCY = 5;
/** The first claim, and the round trip that records the results of the last portion. */
const CLAIM_AND_RECORD = 2;
/** Mails claimed at once. All of them are sent within the lease, even when each of them takes until its timeout. */
const PORTION = 50;
/** Subrequests of background work after a response: enough for 25 mails. */
const SUBREQUESTS_AFTER_RESPONSE = 28;
/**
 * How long a claim on a mail lasts. Longer than a send takes, and shorter than the 30 minutes for which Brevo remembers the
 * mail's idempotency key, so that a retry after the lease learns that the mail was sent.
 */
export const MAIL_LEASE = '2 minutes';

// A mail with a code or a link is useless to its reader after the code or link has expired.
const HAS_EXPIRED = sql.raw(
  "created_at + make_interval(mins => (payload->'params'->>'expires_minutes')::int) <= now()",
);
const IS_UNSENDABLE = sql`(coalesce(${HAS_EXPIRED}, false) or attempts >= ${MAX_ATTEMPTS}::int)`;
const IS_DUE = sql.raw("status = 'PENDING' and next_attempt_at <= now()");
/** Removes payloads with secrets once they are no longer needed; other mails keep theirs, so that an operator can resend them. */
const WITHOUT_SECRETS = sql.raw("case when payload->'params' ? 'expires_minutes' then '{}' else payload end");

/** Sends due mails. A failed mail does not affect the others and is retried after a delay. */
export async function drainOutbox(services: Services, allowance: Allowance): Promise<Counts> {
  const counts = { ...NO_RESULTS };
  const batch = systemBatch(services);
  // Few at first, so that an unavailable Brevo is tried with few.
  if (allowance.takeUpTo(CLAIM_AND_RECORD + CONCURRENCY) < CLAIM_AND_RECORD + CONCURRENCY) return counts;
  let size = CONCURRENCY;
  let [[unsendable], due] = await batch([failUnsendable, claim(size)]);
  counts.failed += unsendable?.count ?? 0;
  while (due.length > 0) {
    const { outcomes, isClosed } = await deliver(services, due);
    count(outcomes, counts);
    const records = recordsOf(outcomes);
    // Each further portion is claimed in the round trip that records the one before.
    size = isClosed || due.length < size ? 0 : Math.max(0, allowance.takeUpTo(1 + PORTION) - 1);
    if (size === 0) {
      await batch(records);
      break;
    }
    // Looking for mails to give up reads all that are pending: again only if there were more than it ends at once.
    const giveUp = (unsendable?.count ?? 0) < MOST_GIVEN_UP ? GIVE_UP_NONE : failUnsendable;
    [[unsendable], due] = await batch([giveUp, claim(size), ...records]);
    counts.failed += unsendable?.count ?? 0;
  }
  return counts;
}

/** Sends claimed mails, `CONCURRENCY` at a time, until Brevo seems to be unavailable; the others are released. */
async function deliver(
  services: Services,
  due: readonly DueMail[],
): Promise<{ outcomes: Outcome[]; isClosed: boolean }> {
  const outcomes: Outcome[] = [];
  const waiting = [...due];
  let failuresInARow = 0;
  const isClosed = () => failuresInARow >= CONCURRENCY;
  const sendOn = async () => {
    for (let mail = waiting.shift(); mail; mail = isClosed() ? undefined : waiting.shift()) {
      const outcome = outcomeOf(mail, await send(services, mail));
      failuresInARow = outcome.result === 'retried' ? failuresInARow + 1 : 0;
      outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sendOn));
  return { outcomes: [...outcomes, ...waiting.map(released)], isClosed: isClosed() };
}

/** Sends the mails that a command has just added to the outbox, after the response. */
export const drainSoon = (call: Call): void =>
  soon(call, 'drain_outbox', () =>
    drainOutbox(call, new Allowance(SUBREQUESTS_AFTER_RESPONSE, Number.POSITIVE_INFINITY)),
  );

/** How long to wait for further mails after a response, so that busy moments share one database round trip. */
const COLLECT_MS = 100;
/** An upper bound, so that sending finishes within the time allowed after a response. */
const MAX_COLLECTED = 20;
/** A sender that has not started by then was ended together with its request. */
const SENDER_TIMEOUT_MS = 5_000;

interface Collection {
  /** Mails claimed by commands in this isolate and not yet being sent. */
  mails: DueMail[];
  since: number;
}

const collections = new WeakMap<Config, Collection>();

/** Sends a mail that a command has added to the outbox and claimed, after the response. */
export function sendSoon(call: Call, mail: DueMail): void {
  const collection = collections.get(call.config) ?? { mails: [], since: 0 };
  collections.set(call.config, collection);
  const now = Date.now();
  // The scheduled job sends mails left behind by such a sender once their claim expires.
  if (now - collection.since >= SENDER_TIMEOUT_MS) collection.mails = [];
  collection.mails.push(mail);
  if (collection.mails.length > 1) return;
  collection.since = now;
  soon(call, 'send_mail', async () => {
    await sleep(COLLECT_MS);
    const counts = { ...NO_RESULTS };
    const due = collection.mails.splice(0);
    while (due.length > 0) {
      const { outcomes } = await deliver(call, due.splice(0, MAX_COLLECTED));
      count(outcomes, counts);
      await systemBatch(call)(recordsOf(outcomes));
    }
    return counts;
  });
}

const MOST_GIVEN_UP = 500;
const GIVE_UP_NONE = statement<{ count: number }>(sql`select 0 as count`);
const failUnsendable = statement<{ count: number }>(sql`
  with unsendable as materialized (
    select id from outbox where ${IS_DUE} and ${IS_UNSENDABLE} order by id limit ${MOST_GIVEN_UP} for update skip locked
  ), ended as (
    update outbox set status = 'FAILED', payload = ${WITHOUT_SECRETS},
      last_error = case when ${HAS_EXPIRED} then 'expired' else coalesce(last_error, 'no_outcome') end
    where id in (select id from unsendable) returning 1
  )
  select count(*)::int as count from ended`);

const claim = (limit: number): Statement<DueMail> =>
  statement(sql`
    with due as materialized (
      select id from outbox where ${IS_DUE} and not ${IS_UNSENDABLE}
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

const NO_RESULTS = { sent: 0, retried: 0, failed: 0 };

type Outcome = { result: 'sent'; id: number } | { result: 'retried' | 'failed' | 'released'; record: Statement };

function count(outcomes: readonly Outcome[], counts: typeof NO_RESULTS): void {
  for (const { result } of outcomes) if (result !== 'released') counts[result] += 1;
}

function recordsOf(outcomes: readonly Outcome[]): Statement[] {
  const sent = outcomes.flatMap((outcome) => (outcome.result === 'sent' ? [outcome.id] : []));
  const records = outcomes.flatMap((outcome) => (outcome.result === 'sent' ? [] : [outcome.record]));
  return [...(sent.length > 0 ? [recordSent(sent)] : []), ...records];
}

/** One statement for all mails, so that PostgreSQL plans it once. */
const recordSent = (ids: readonly number[]): Statement =>
  statement(sql`update outbox set status = 'SENT', sent_at = now(), payload = '{}', last_error = null
                where id = any (${intArray(ids)})`);

/** If our lease ended and another sender claimed the mail, its result counts. */
const isStillOurs = ({ id, attempts }: DueMail) => sql`id = ${id} and status = 'PENDING' and attempts = ${attempts}`;

/** A claimed mail that was not tried. */
const released = (mail: DueMail): Outcome => ({
  result: 'released',
  record: statement(sql`
    update outbox set attempts = attempts - 1, next_attempt_at = now() where ${isStillOurs(mail)}`),
});

function outcomeOf(mail: DueMail, result: SendResult): Outcome {
  if (result.status === 'SENT') return { result: 'sent', id: mail.id };
  const wait = result.status === 'RETRY' ? retryDelaySeconds(mail.attempts, result.retryAfterSeconds) : null;
  if (wait === null) {
    const record = statement(sql`
      update outbox set status = 'FAILED', last_error = ${result.reason}, payload = ${WITHOUT_SECRETS} where ${isStillOurs(mail)}`);
    return { result: 'failed', record };
  }
  const record = statement(sql`
    update outbox set last_error = ${result.reason}, next_attempt_at = now() + make_interval(secs => ${wait}::int)
    where ${isStillOurs(mail)}`);
  return { result: 'retried', record };
}
