import type { Client } from 'pg';

/** Audit triggers would stamp past changes with the time of seeding, so the seed writes the audit rows itself. */
export async function switchAuditTriggers(client: Client, state: 'enable' | 'disable'): Promise<void> {
  await client.query(`
    do $$
    declare
      target record;
    begin
      for target in select tgrelid::regclass as name, tgname from pg_trigger where tgname like 'audit\\_%' loop
        execute format('alter table %s ${state} trigger %I', target.name, target.tgname);
      end loop;
    end $$`);
}

const admin = `(select min(id) from users where role = 'ADMIN')`;
const manager = `(select min(id) from users where role = 'MANAGER')`;

interface Creation {
  table: string;
  entity: string;
  actor: string;
  /** The row's initial state, where it has changed since. */
  value?: string;
}

const creations: Creation[] = [
  { table: 'users', entity: 'user', actor: 'null::integer' },
  { table: 'branches', entity: 'branch', actor: admin },
  { table: 'delivery_slots', entity: 'delivery_slot', actor: manager },
  { table: 'delivery_zones', entity: 'delivery_zone', actor: manager, value: `to_jsonb(t) - 'codes'` },
  { table: 'slot_exceptions', entity: 'slot_exception', actor: manager },
  { table: 'categories', entity: 'category', actor: manager },
  {
    table: 'products',
    entity: 'product',
    actor: manager,
    value: `to_jsonb(t) || '{"rating_average": null, "rating_count": 0}'`,
  },
  { table: 'addresses', entity: 'address', actor: 't.user_id' },
  { table: 'payment_tokens', entity: 'payment_token', actor: 't.user_id' },
  { table: 'inventory', entity: 'inventory', actor: manager, value: `to_jsonb(t) || '{"on_hand": 0}'` },
  {
    table: 'orders',
    entity: 'order',
    actor: 't.user_id',
    value: `to_jsonb(t) || jsonb_build_object('status', 'CREATED', 'status_before_delay', null, 'placed_at', null,
            'delivered_at', null, 'canceled_at', null, 'updated_at', t.created_at)`,
  },
  { table: 'promotions', entity: 'promotion', actor: manager },
  {
    table: 'order_discounts',
    entity: 'order_discount',
    actor: 't.user_id',
    value: `to_jsonb(t) || '{"released_at": null}'`,
  },
  {
    table: 'payments',
    entity: 'payment',
    actor: '(select user_id from orders o where o.id = t.order_id)',
    value: `to_jsonb(t) || '{"status": "PENDING", "reference": null, "captured_at": null, "captured_amount": null, "refunded_amount": 0.00,
            "refunded_credit": 0.00, "decline_reason": null, "capture_amount": null, "capture_due_at": null, "capture_before": null,
            "released_amount": 0.00}'`,
  },
  {
    table: 'order_amendments',
    entity: 'order_amendment',
    actor: '(select o.user_id from orders o where o.id = t.order_id)',
    value: `to_jsonb(t) - '{plan,before,after}'::text[]`,
  },
  { table: 'payment_attempts', entity: 'payment_attempt', actor: 'null' },
  {
    table: 'payment_voids',
    entity: 'payment_void',
    actor: 'null',
    value: `to_jsonb(t) || '{"status": "PENDING", "settled_at": null}'`,
  },
  {
    table: 'refunds',
    entity: 'refund',
    actor: 'null',
    value: `to_jsonb(t) || case when t.credit_amount = t.amount then '{}'
            else '{"status": "PENDING", "reference": null, "settled_at": null, "attempts": 0}' end::jsonb`,
  },
  { table: 'refund_lines', entity: 'refund_line', actor: 'null' },
  {
    table: 'substitution_proposals',
    entity: 'substitution_proposal',
    actor: 't.created_by',
    value: `to_jsonb(t) || '{"status": "OPEN", "answered_at": null}'`,
  },
  {
    table: 'refund_requests',
    entity: 'refund_request',
    actor: 't.requested_by',
    value: `to_jsonb(t) || '{"status": "PENDING", "refund_id": null, "decided_by": null, "decided_at": null}'`,
  },
  {
    table: 'claims',
    entity: 'claim',
    actor: 't.user_id',
    value: `to_jsonb(t) || '{"status": "OPEN", "approved_amount": null, "is_automatic": false, "note": null, "refund_id": null,
            "decided_by": null, "decided_at": null}'`,
  },
  {
    table: 'claim_items',
    entity: 'claim_item',
    actor: '(select user_id from claims c where c.id = t.claim_id)',
    value: `to_jsonb(t) || '{"approved_quantity": null}'`,
  },
  { table: 'credit_entries', entity: 'credit_entry', actor: 't.actor_user_id' },
  { table: 'reviews', entity: 'review', actor: 't.user_id' },
  {
    table: 'batches',
    entity: 'batch',
    actor: 't.created_by',
    value: `to_jsonb(t) || '{"status": "OPEN", "completed_at": null}'`,
  },
  { table: 'damage_reports', entity: 'damage_report', actor: 't.reported_by' },
  {
    table: 'stock_requests',
    entity: 'stock_request',
    actor: 't.actor_user_id',
    value: `to_jsonb(t) || '{"status": "PENDING", "approved_quantity": null, "rejection_reason": null, "reviewed_by": null, "reviewed_at": null}'`,
  },
];

/** Changes after creation: entity, id, action, old and new values, actor, time. */
const changes = `
  select 'inventory' as entity, m.inventory_id as id, case m.reason when 'BULK_IMPORT' then m.reason else 'UPDATE' end as action,
    jsonb_build_object('on_hand', sum(m.delta) over shelf - m.delta) as old_value,
    jsonb_build_object('on_hand', sum(m.delta) over shelf) as new_value, m.actor_user_id as actor, m.created_at as at
  from stock_movements m window shelf as (partition by m.inventory_id order by m.id)
  union all
  select 'order', o.id, case e.status when 'CANCELED' then 'CANCEL' else 'UPDATE' end,
    case when e.before is null then '{"placed_at": null}' else jsonb_build_object('status', e.before) end,
    case when e.before is null then jsonb_build_object('placed_at', o.placed_at) else jsonb_build_object('status', e.status) end,
    e.actor_user_id, e.at
  from (select *, lag(status) over (partition by order_id order by id) as before from order_events) e
  join orders o on o.id = e.order_id
  union all
  select 'order_item', i.id, 'UPDATE', '{"picked_status": "PENDING", "picked_by": null, "picked_at": null}',
    jsonb_build_object('picked_status', i.picked_status, 'picked_by', i.picked_by, 'picked_at', i.picked_at)
      || case i.picked_status when 'REPLACED' then jsonb_build_object(
           'replacement_product_id', i.replacement_product_id, 'replacement_name', i.replacement_name,
           'replacement_unit_price', i.replacement_unit_price, 'replacement_sku', i.replacement_sku,
           'replacement_tax_class', i.replacement_tax_class, 'replacement_deposit', i.replacement_deposit) else '{}' end
      || case when i.picked_grams is not null then jsonb_build_object('picked_grams', i.picked_grams) else '{}' end,
    i.picked_by, i.picked_at
  from order_items i where i.picked_at is not null
  union all
  select 'substitution_proposal', s.id, 'UPDATE', '{"status": "OPEN", "answered_at": null}',
    jsonb_build_object('status', s.status, 'answered_at', s.answered_at),
    case when s.status <> 'LAPSED' then o.user_id end, s.answered_at
  from substitution_proposals s join orders o on o.id = s.order_id
  union all
  select 'payment', p.id, 'UPDATE', '{"status": "PENDING", "reference": null, "captured_at": null, "captured_amount": null}',
    jsonb_build_object('status', p.status, 'reference', p.reference, 'captured_at', p.captured_at, 'captured_amount',
      p.captured_amount), o.user_id, p.captured_at
  from payments p join orders o on o.id = p.order_id where p.mode = 'CHARGE'
  union all
  select 'payment', p.id, 'UPDATE', '{"status": "PENDING", "reference": null, "capture_before": null}',
    jsonb_build_object('status', 'AUTHORIZED', 'reference', p.reference, 'capture_before', p.capture_before), o.user_id, o.placed_at
  from payments p join orders o on o.id = p.order_id where p.mode = 'AUTHORIZE'
  union all
  select 'payment', p.id, 'UPDATE', '{"status": "AUTHORIZED"}', jsonb_build_object('status', p.status, 'captured_at', p.captured_at,
      'captured_amount', p.captured_amount, 'capture_amount', p.capture_amount, 'released_amount', p.released_amount,
      'decline_reason', p.decline_reason), null,
    coalesce(p.captured_at, o.canceled_at, (select max(a.created_at) from payment_attempts a where a.payment_id = p.id))
  from payments p join orders o on o.id = p.order_id where p.mode = 'AUTHORIZE' and p.status <> 'AUTHORIZED'
  union all
  select 'payment_void', v.id, 'UPDATE', '{"status": "PENDING", "settled_at": null}',
    jsonb_build_object('status', v.status, 'settled_at', v.settled_at), null, v.settled_at
  from payment_voids v
  union all
  select 'payment', r.payment_id, 'UPDATE',
    jsonb_build_object('refunded_amount', sum(r.amount) over payment - r.amount)
      || case when r.credit_amount > 0
         then jsonb_build_object('refunded_credit', sum(r.credit_amount) over payment - r.credit_amount) else '{}' end,
    jsonb_build_object('refunded_amount', sum(r.amount) over payment)
      || case when r.credit_amount > 0
         then jsonb_build_object('refunded_credit', sum(r.credit_amount) over payment) else '{}' end,
    null, r.created_at
  from refunds r window payment as (partition by r.payment_id order by r.id)
  union all
  select 'refund', r.id, 'UPDATE', '{"status": "PENDING", "reference": null, "settled_at": null}',
    jsonb_build_object('status', r.status, 'reference', r.reference, 'settled_at', r.settled_at), null, r.settled_at
  from refunds r where r.status = 'SUCCEEDED' and r.credit_amount < r.amount
  union all
  select 'refund_request', q.id, case when q.decided_by is null then 'UPDATE' else 'REVIEW' end, '{"status": "PENDING"}',
    jsonb_build_object('status', q.status, 'refund_id', q.refund_id, 'decided_by', q.decided_by, 'decided_at', q.decided_at),
    coalesce(q.decided_by, q.requested_by), coalesce(q.decided_at, q.created_at)
  from refund_requests q where q.status <> 'PENDING'
  union all
  select 'claim', c.id, case when c.is_automatic then 'UPDATE' else 'REVIEW' end, '{"status": "OPEN", "approved_amount": null}',
    jsonb_build_object('status', c.status, 'approved_amount', c.approved_amount, 'note', c.note, 'refund_id', c.refund_id,
      'is_automatic', c.is_automatic, 'decided_by', c.decided_by, 'decided_at', c.decided_at),
    coalesce(c.decided_by, c.user_id), c.decided_at
  from claims c where c.status <> 'OPEN'
  union all
  select 'order_discount', d.id, 'UPDATE', '{"released_at": null}', jsonb_build_object('released_at', d.released_at), d.user_id,
    d.released_at
  from order_discounts d where d.released_at is not null
  union all
  select 'batch', b.id, 'UPDATE', '{"status": "OPEN", "completed_at": null}',
    jsonb_build_object('status', b.status, 'completed_at', b.completed_at), b.created_by, b.completed_at
  from batches b where b.completed_at is not null
  union all
  select 'stock_request', s.id, 'REVIEW', '{"status": "PENDING"}', jsonb_build_object('status', s.status,
    'approved_quantity', s.approved_quantity, 'rejection_reason', s.rejection_reason), s.reviewed_by, s.reviewed_at
  from stock_requests s where s.reviewed_at is not null`;

/** The audit rows of all seeded data, as the triggers would have written them at the time. */
export async function writeAudit(client: Client): Promise<void> {
  const created = creations.map(
    ({ table, entity, actor, value = 'to_jsonb(t)' }) =>
      `select '${entity}' as entity, t.id, 'CREATE' as action, null::jsonb as old_value,
       (${value}) - (select string_to_array(secret, ',') from audited_tables() where name = '${table}') as new_value,
       ${actor} as actor, t.created_at as at, 0 as rank from ${table} t`,
  );
  const items = `
    select 'order_item', i.id, 'CREATE', null, to_jsonb(i) || '{"picked_status": "PENDING", "picked_reason": null, "picked_by": null,
      "picked_at": null, "replacement_product_id": null, "replacement_name": null, "replacement_unit_price": null,
      "replacement_sku": null, "replacement_tax_class": null, "replacement_deposit": null, "picked_grams": null,
      "replacement_price_per_kg": null, "replacement_nominal_grams": null, "replacement_tolerance_percent": null}',
      o.user_id, o.created_at, 1 from order_items i join orders o on o.id = i.order_id`;
  await client.query(`
    insert into audit_log (entity_type, entity_id, action, old_value, new_value, actor_user_id, created_at)
    select entity, id, action, old_value, new_value, actor, at
    from (${created.join(' union all ')} union all ${items} union all select *, 2 from (${changes}) c) written
    order by at, rank, entity, id`);
}
