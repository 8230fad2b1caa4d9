import type { Client } from 'pg';

/** Orders that were authorised at confirm, in each state of their payment; orders that were charged are there already. */
export async function insertReserved(client: Client): Promise<void> {
  for (const step of [RESERVE_OPEN, CAPTURE_SHORT, CAPTURE_DELIVERED, VOID_CANCELED, REFUSE_RENEWAL])
    await client.query(step);
}

const BEGAN = `mode = 'AUTHORIZE', capture_before = o.placed_at + interval '7 days'`;
const SHORT = `(select coalesce(sum(r.amount), 0) from refunds r where r.payment_id = p.id)`;
const WITHOUT_CREDIT = `p.credit_amount = 0 and p.refunded_credit = 0`;

/** Every third order that is still to be packed. */
const RESERVE_OPEN = `
  update payments p set ${BEGAN}, status = 'AUTHORIZED', captured_at = null
  from orders o where o.id = p.order_id and o.status in ('CREATED', 'IN_PROGRESS', 'MISSING') and o.id % 3 = 0
    and p.refunded_amount = 0 and ${WITHOUT_CREDIT}`;

/**
 * Orders that are packed, and some delivered ones: what was missing was captured less, instead of refunded. A trigger takes refunds
 * of delivered orders out of the sums of revenue; what was never captured is left out here.
 */
const CAPTURE_SHORT = `
  with chosen as (
    update payments p set ${BEGAN}, capture_amount = p.amount - ${SHORT}, released_amount = ${SHORT}, refunded_amount = 0,
      capture_due_at = ready.at, captured_at = ready.at
    from orders o join lateral (
      select min(e.at) as at from order_events e where e.order_id = o.id and e.status = 'READY'
    ) ready on true
    where o.id = p.order_id and ready.at is not null and ${WITHOUT_CREDIT}
      and (o.status in ('READY', 'OUT_FOR_DELIVERY') and o.id % 2 = 0 or o.status = 'DELIVERED' and o.id % 3 = 0 and p.refunded_amount > 0)
      and not exists (select from refunds r where r.payment_id = p.id and r.reason not in ('MISSING', 'REPLACEMENT'))
    returning p.id, o.status, o.delivered_at, p.released_amount
  ), unpaid as (
    delete from refunds r using chosen c where r.payment_id = c.id
  )
  select add_revenue(delivered_at, 0, -released_amount) from chosen where status = 'DELIVERED'`;

/** Some delivered orders that had everything. */
const CAPTURE_DELIVERED = `
  update payments p set ${BEGAN}, capture_amount = p.amount, capture_due_at = ready.at, captured_at = ready.at
  from orders o join lateral (
    select min(e.at) as at from order_events e where e.order_id = o.id and e.status = 'READY'
  ) ready on true
  where o.id = p.order_id and p.mode = 'CHARGE' and o.status = 'DELIVERED' and o.id % 5 = 0 and p.refunded_amount = 0 and ${WITHOUT_CREDIT}
    and ready.at is not null`;

/** Some canceled orders: their money was let go of. */
const VOID_CANCELED = `
  with chosen as (
    update payments p set ${BEGAN}, status = 'VOIDED', captured_at = null, refunded_amount = 0, released_amount = p.amount
    from orders o where o.id = p.order_id and o.status = 'CANCELED' and o.id % 2 = 0 and ${WITHOUT_CREDIT}
    returning p.id, p.provider, p.reference, p.idempotency_key, o.canceled_at
  ), unpaid as (
    delete from refunds r using chosen c where r.payment_id = c.id
  )
  insert into payment_voids (payment_id, provider, reference, idempotency_key, status, attempts, next_attempt_at, created_at, settled_at)
  select id, provider, reference, idempotency_key, 'SUCCEEDED', 1, canceled_at, canceled_at, canceled_at + interval '2 seconds'
  from chosen`;

/** The reserved order that is due last: its renewal was declined an hour ago, so it waits for another card. */
const REFUSE_RENEWAL = `
  with chosen as (
    update payments p set status = 'FAILED', decline_reason = 'card_declined'
    where p.id = (
      select p.id from payments p join orders o on o.id = p.order_id
      where p.status = 'AUTHORIZED' and o.status = 'CREATED' and o.placed_at < now() - interval '1 hour'
      order by o.window_start desc, p.id limit 1)
    returning p.*
  )
  insert into payment_attempts (payment_id, payment_token_id, provider, idempotency_key, amount, status, decline_reason, created_at)
  select id, payment_token_id, provider, idempotency_key || '-2', amount, 'DECLINED', decline_reason, now() - interval '30 minutes'
  from chosen`;
