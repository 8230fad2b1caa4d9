import pg from 'pg';

export interface HistoryOptions {
  orders: number;
  linesPerOrder: number;
  auditRows: number;
}

/**
 * Adds two years of orders, payments, refunds, audit, ledger, timeline, notifications and events to the bulk seed, for measurements:
 * realistic in number and distribution, but the ledger does not add up to what is on hand. Needs a superuser, because it disables triggers.
 */
export async function insertHistory(connectionString: string, options: HistoryOptions): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query(
      `select make_months(name, now() - interval '731 days', 6) from monthly_tables() where kept is null`,
    );
    await client.query(
      `select make_months(name, now() - make_interval(months => kept), 6) from monthly_tables() where kept is not null`,
    );
    await insertLines(client, options);
    await insertOrders(client, options.orders);
    await insertPayments(client);
    await insertAudit(client, options.auditRows);
    await insertTraces(client);
    await addUpSales(client);
    await client.query('commit');
    await client.query('vacuum analyze');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    await client.end();
  }
}

/** Popular products are bought more often; one line in 33 is missing, one in 50 is replaced. */
async function insertLines(client: pg.Client, { orders, linesPerOrder }: HistoryOptions): Promise<void> {
  await client.query(
    `insert into order_items (order_id, product_id, name, sku, unit, unit_price, quantity, picked_status, picked_by,
                              picked_at, replacement_product_id, replacement_name, replacement_unit_price)
     select n, p.id, p.name, p.sku, p.unit, p.price, 1 + (n + line) % 4, state, 3,
       now() - interval '730 days' * (($1 - n)::float / $1) + interval '1 hour',
       case when state = 'REPLACED' then 1 end, case when state = 'REPLACED' then 'Replacement' end,
       case when state = 'REPLACED' then p.price end
     from generate_series(1, $1::integer) n
     cross join generate_series(1, $2::integer) line
     cross join (select max(id) as id from products) newest
     cross join lateral (
       select case when (n * 7 + line) % 33 = 0 then 'MISSING' when (n * 7 + line) % 50 = 0 then 'REPLACED' else 'PICKED' end as state,
              1 + (newest.id * power(((n::bigint * 7919 + line * 104729) % 10007) / 10007.0, 2))::integer % newest.id as wanted
     ) mix
     join products p on p.id = mix.wanted`,
    [orders, linesPerOrder],
  );
}

/** The last one percent is still open. */
async function insertOrders(client: pg.Client, orders: number): Promise<void> {
  await client.query(
    `with slot as (
       select *, row_number() over week - 1 as place, count(*) over (partition by day_of_week) as places
       from delivery_slots window week as (partition by day_of_week order by id)
     )
     insert into orders (id, order_number, user_id, status, fulfillment_type, branch_id, goods_total, delivery_fee,
                         total_amount, currency, units_ordered, delivery_address, delivery_slot_id, delivery_date, window_start, window_end,
                         placed_at, delivered_at, canceled_at, created_at, updated_at)
     select n, 'HISTORY-' || n, c.first + n % c.number, status, 'DELIVERY', s.branch_id, l.total, 30, l.total + 30, 'ILS', l.units,
       'Dizengoff 1, Tel Aviv', s.id, due::date, due, due + interval '2 hours', placed,
       case when status = 'DELIVERED' then due + interval '1 hour' end, case when status = 'CANCELED' then placed end,
       placed, placed
     from generate_series(1, $1::integer) n
     cross join (select min(id) as first, count(*)::integer as number from users where role = 'CUSTOMER') c
     cross join lateral (
       select now() - interval '730 days' * (($1 - n)::float / $1) as placed,
         case when n > $1 * 0.99 then (array['CREATED', 'IN_PROGRESS', 'READY', 'MISSING', 'DELAYED', 'OUT_FOR_DELIVERY'])[1 + n % 6]
              when n % 20 = 0 then 'CANCELED' else 'DELIVERED' end as status
     ) life
     cross join lateral (select date_trunc('hour', placed) + make_interval(hours => 4 + n % 40) as due) promise
     join slot s on s.day_of_week = extract(dow from due) and s.place = n % s.places
     join (select order_id, sum(unit_price * quantity) as total, sum(quantity) as units from order_items group by order_id) l on l.order_id = n`,
    [orders],
  );
}

async function insertPayments(client: pg.Client): Promise<void> {
  await client.query(`
    insert into payments (order_id, provider, idempotency_key, amount, currency, status, reference, captured_at)
    select id, 'mockpay', order_number, total_amount, 'ILS', 'CAPTURED', 'ref-' || id, placed_at from orders`);
  await client.query(`
    insert into refunds (order_id, payment_id, order_item_id, amount, reason, status)
    select p.order_id, p.id, i.id, i.unit_price * i.quantity, 'MISSING', 'SUCCEEDED'
    from order_items i join payments p on p.order_id = i.order_id join orders o on o.id = i.order_id
    where i.picked_status = 'MISSING' and o.status = 'DELIVERED'
    union all
    select p.order_id, p.id, null, p.amount, 'CANCEL', 'SUCCEEDED'
    from payments p join orders o on o.id = p.order_id where o.status = 'CANCELED'`);
  await client.query(`
    update payments p set refunded_amount = r.total
    from (select payment_id, sum(amount) as total from refunds group by payment_id) r where r.payment_id = p.id`);
}

/** Computes the sums that the disabled triggers would have maintained. */
async function addUpSales(client: pg.Client): Promise<void> {
  await client.query(`select add_sales(array(select id from order_items))`);
  await client.query(`
    select add_revenue(o.delivered_at, 1, o.total_amount - p.refunded_amount)
    from orders o join payments p on p.order_id = o.id where o.status = 'DELIVERED'`);
}

async function insertAudit(client: pg.Client, rows: number): Promise<void> {
  await client.query(
    `insert into audit_log (entity_type, entity_id, action, old_value, new_value, context, actor_user_id, created_at)
     select entity, (n::bigint * 7919 % 50000)::integer + 1,
       case n % 4 when 0 then 'CREATE' when 3 then case when n % 1000 = 3 then 'DEACTIVATE' else 'UPDATE' end else 'UPDATE' end,
       jsonb_build_object('status', 'CREATED'), jsonb_build_object('status', 'IN_PROGRESS'),
       jsonb_build_object('request_id', gen_random_uuid()), 1 + (n % 97) % 40,
       now() - interval '730 days' * (($1 - n)::float / $1)
     from generate_series(1, $1::integer) n
     cross join lateral (
       select (array['order', 'order_item', 'order', 'payment', 'inventory', 'order', 'user', 'product'])[1 + n % 8] as entity
     ) kind`,
    [rows],
  );
}

/** Four statuses of each order with their notifications, three movements of stock, and the events of those that are kept. */
async function insertTraces(client: pg.Client): Promise<void> {
  await client.query(`
    insert into order_events (order_id, status, actor_user_id, at)
      select o.id, s.status, 3, o.placed_at + make_interval(hours => s.n::integer - 1)
      from orders o cross join unnest('{CREATED,IN_PROGRESS,READY,DELIVERED}'::text[]) with ordinality s (status, n)
      order by o.placed_at`);
  await client.query(`
    insert into notifications (user_id, type, order_id, data, read_at, created_at)
      select o.user_id, 'ORDER_STATUS', o.id, jsonb_build_object('status', e.status, 'order_number', o.order_number),
        case when o.id % 50 > 0 then e.at end, e.at
      from order_events e join orders o on o.id = e.order_id order by e.at`);
  await client.query(`
    insert into stock_movements (inventory_id, delta, reason, order_id, created_at)
      select v.id, -1, 'SALE', o.id, o.placed_at
      from orders o cross join generate_series(0, 2) line
      join inventory v on v.branch_id = o.branch_id and v.product_id = 1 + (o.id * 7 + line * 13) % 500 order by o.placed_at`);
  await client.query(`
    insert into events (type, entity_type, entity_id, version, order_id, branch_id, data, created_at)
      select 'order.status_changed', 'order', e.order_id, 1, e.order_id, 1, jsonb_build_object('status', e.status), e.at
      from order_events e where e.at between now() - interval '90 days' and now()`);
}
