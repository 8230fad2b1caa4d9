import { AMENDMENT_INVARIANTS } from './amendment-invariants.ts';
import { LIST_INVARIANTS } from './list-invariants.ts';

/** What must always be true of the database; each query returns the rows that violate it. */
const INVARIANTS: Readonly<Record<string, string>> = {
  'on hand is the sum of its movements and not negative': `
    select i.id, i.on_hand, coalesce(sum(m.delta), 0) as moved from inventory i
    left join stock_movements m on m.inventory_id = i.id
    group by i.id having i.on_hand <> coalesce(sum(m.delta), 0) or i.on_hand < 0`,
  'live holds fit into what is on hand': `
    select i.id from inventory i join hold_lines h on h.inventory_id = i.id and h.expires_at > now()
    group by i.id having sum(h.quantity) > i.on_hand`,
  'an order has taken its lines; a canceled one only what was missing; one that was not paid nothing': `
    select o.id, coalesce(taken.units, 0) as taken, line.units as due from orders o
    cross join lateral (
      select coalesce(sum(case when o.status <> 'CANCELED' then i.quantity when o.placed_at is not null then i.quantity - l.units end), 0)
        as units
      from order_items i cross join lateral picked_line(i) l where i.order_id = o.id
    ) line
    left join (
      select order_id, -sum(delta) as units from stock_movements where reason <> 'DAMAGE' group by order_id
    ) taken on taken.order_id = o.id
    where coalesce(taken.units, 0) <> line.units`,
  'an order that is sent out has something in its bags': `
    select o.id from orders o join order_items i on i.order_id = o.id
    where o.status in ('READY', 'OUT_FOR_DELIVERY', 'DELIVERED') group by o.id having bool_and(i.picked_status = 'MISSING')`,
  'no more is refunded than was captured and spent of credit, to the card no more than it paid': `
    select p.id from payments p
    cross join lateral (
      select coalesce(sum(case r.status when 'FAILED' then r.credit_amount else r.amount end), 0) as amount,
        coalesce(sum(r.credit_amount), 0) as credit
      from refunds r where r.payment_id = p.id
    ) r
    where r.amount > case p.status when 'DECLINED' then 0 else coalesce(p.captured_amount, 0) + p.credit_amount end
      or r.amount - r.credit > coalesce(p.captured_amount, 0) or p.refunded_amount <> r.amount or p.refunded_credit <> r.credit`,
  'a canceled order that was paid is refunded': `
    select o.id from orders o join payments p on p.order_id = o.id
    where o.status = 'CANCELED' and p.status = 'CAPTURED'
      and p.captured_amount + p.credit_amount > (select coalesce(sum(r.amount), 0) from refunds r where r.payment_id = p.id)`,
  'a balance of credit is the sum of its entries and never negative': `
    select coalesce(a.user_id, e.user_id) as user_id, a.balance, e.total from credit_accounts a
    full join (select user_id, currency, sum(amount) as total from credit_entries group by 1, 2) e
      on e.user_id = a.user_id and e.currency = a.currency
    where coalesce(a.balance, 0) <> coalesce(e.total, 0) or a.balance < 0`,
  'each entry of credit tells the balance that it left': `
    select id from (
      select id, balance, sum(amount) over (partition by user_id, currency order by id) as total from credit_entries
    ) e where balance <> total or balance < 0`,
  'what an order took of credit was spent, and came back when it was not paid': `
    select p.order_id from payments p
    cross join lateral (
      select coalesce(-sum(e.amount) filter (where e.kind = 'SPENT'), 0) as spent,
        coalesce(sum(e.amount) filter (where e.kind = 'RETURNED'), 0) as returned,
        coalesce(sum(e.amount) filter (where e.kind = 'REFUND'), 0) as refunded
      from credit_entries e where e.order_id = p.order_id
    ) e
    where e.spent <> p.credit_amount or e.refunded <> p.refunded_credit
      or e.returned <> case p.status when 'DECLINED' then p.credit_amount else 0 end`,
  'what was charged and what was spent of credit is the total': `
    select o.id from orders o join payments p on p.order_id = o.id 
    where p.mode = 'CHARGE' and p.amount + p.credit_amount <> o.total_amount`,
  'no unit is paid back twice, nor a line beyond what was paid for it': `
    select i.id from order_items i
    cross join lateral (
      select coalesce(sum(l.quantity), 0) as units, coalesce(sum(l.amount), 0) as amount
      from refund_lines l join refunds r on r.id = l.refund_id and r.status <> 'FAILED' where l.order_item_id = i.id
    ) paid
    cross join lateral picked_line(i) l
    where paid.units > i.quantity or greatest(i.quantity * (i.unit_price + coalesce(i.deposit, 0)) - i.discount, l.amount + l.deposit) < paid.amount + (
      select coalesce(sum(amount), 0) from refunds r where r.order_item_id = i.id and r.status <> 'FAILED')`,
  // To one agora: the units of a line are rounded as ordered and as picked.
  'units that were delivered and not paid back stay paid for': `
    select i.id, r.* from order_items i cross join lateral line_refundable(i.id) r
    where i.id in (select order_item_id from refund_lines union select order_item_id from refunds) and r.quantity > r.refunded
      and r.amount_left < units_amount(r.paid, r.quantity, r.refunded, r.quantity - r.refunded) - 0.01`,
  'a line costs no more than it was shown for, and its overage': `
    select i.id, l.amount from order_items i cross join lateral picked_line(i) l
    where l.amount < 0 or l.amount > round(i.unit_price * i.quantity * (1 + i.overage_percent / 100), 2)`,
  'an order that was weighed higher was authorised for it': `
    select o.id from orders o join payments p on p.order_id = o.id
    where o.weight_charge > p.margin_amount or p.margin_amount > 0 and p.mode <> 'AUTHORIZE'`,
  'what is sold by weight was weighed before it leaves': `
    select i.id from order_items i join orders o on o.id = i.order_id
    where o.status in ('READY', 'OUT_FOR_DELIVERY', 'DELIVERED') and i.picked_grams is null
      and (i.picked_status = 'PICKED' and i.price_per_kg is not null or i.replacement_price_per_kg is not null)`,
  'a proposal that waits for its answer holds its stock, of a line that nobody has picked': `
    select s.id from substitution_proposals s
    join order_items i on i.id = s.order_item_id
    join orders o on o.id = s.order_id
    left join inventory v on v.branch_id = o.branch_id and v.product_id = s.product_id
    left join hold_lines h on h.inventory_id = v.id and h.cart_id = o.cart_id
    where s.status = 'OPEN' and s.expires_at > now()
      and (i.picked_status <> 'PENDING' or o.status = 'CANCELED' or coalesce(h.quantity, 0) < s.quantity or h.expires_at < s.expires_at)`,
  'nobody replaced what the customer wanted replaced by nothing, unless asked': `
    select i.id from order_items i
    where i.picked_status = 'REPLACED' and i.substitution_policy in ('NONE', 'ASK') and not exists (
      select from substitution_proposals s
      where s.order_item_id = i.id and s.product_id = i.replacement_product_id and s.status = 'APPROVED')`,
  'a unit is claimed at most once': `
    select i.id from order_items i join claim_items c on c.order_item_id = i.id
    group by i.id having sum(c.quantity) > i.quantity`,
  'a canceled order has nothing reserved, and its authorisations are voided': `
    select o.id from orders o join payments p on p.order_id = o.id
    where o.status = 'CANCELED' and (p.status in ('AUTHORIZED', 'FAILED') or p.status = 'VOIDED' and p.provider <> 'credit'
      and not exists (select from payment_voids v where v.payment_id = p.id and v.idempotency_key = p.idempotency_key))`,
  'what the customer pays and does not pay is the total of the order': `
    select o.id from orders o join payments p on p.order_id = o.id
    where p.status = 'CAPTURED' and p.captured_amount + p.credit_amount + p.released_amount <> o.total_amount
      or p.status = 'VOIDED' and p.credit_amount + p.released_amount <> o.total_amount`,
  ...AMENDMENT_INVARIANTS,
  ...LIST_INVARIANTS,
  'an order leaves the shop paid': `
    select o.id from orders o join payments p on p.order_id = o.id
    where o.status in ('OUT_FOR_DELIVERY', 'DELIVERED') and p.status <> 'CAPTURED'`,
  'a cart has at most one live order': `
    select cart_id from orders where cart_id is not null and status <> 'CANCELED' group by cart_id having count(*) > 1`,
  'a placed order was paid for, and a paid one is placed': `
    select o.id from orders o join payments p on p.order_id = o.id
    where (o.placed_at is not null) <> (p.status in ('AUTHORIZED', 'CAPTURED', 'FAILED', 'VOIDED'))`,
  // A capacity may be lowered below the number of bookings: earlier orders keep their place, later ones must find a free one.
  'an order in a slot found a place within its capacity': `
    select d.id, day.date from delivery_slots d
    join (select delivery_slot_id as slot_id, delivery_date as date, array_agg(id) as orders from orders
          where delivery_slot_id is not null and status <> 'CANCELED' group by 1, 2) day on day.slot_id = d.id
    where slot_places_taken(d.id, day.date) > coalesce((slot_exception(d.id, d.branch_id, day.date)).capacity, d.capacity)
      and (select max(id) from audit_log where entity_type = 'order' and entity_id = any (day.orders) and action = 'CREATE')
        > (select max(id) from audit_log where entity_type = 'delivery_slot' and entity_id = d.id
               and old_value -> 'capacity' is distinct from new_value -> 'capacity'
             or entity_type = 'slot_exception' and coalesce(new_value, old_value) ->> 'branch_id' = d.branch_id::text
               and coalesce(new_value, old_value) ->> 'date' = day.date::text)`,
  'nobody booked a slot after its date was closed': `
    select o.id from orders o join delivery_slots d on d.id = o.delivery_slot_id
    cross join lateral slot_exception(d.id, d.branch_id, o.delivery_date) x
    where o.status <> 'CANCELED' and x.closed
      and (select max(id) from audit_log where entity_type = 'order' and entity_id = o.id and action = 'CREATE')
        > (select max(id) from audit_log where entity_type = 'slot_exception' and entity_id = x.id)`,
  'a paid cart is closed and an open one unpaid': `
    select c.id from carts c join orders o on o.cart_id = c.id and o.status <> 'CANCELED'
    where (o.placed_at is not null and c.status <> 'CHECKED_OUT') or (o.placed_at is null and c.status <> 'CHECKING_OUT')`,
  'an order adds up': `
    select o.id from orders o join order_items i on i.order_id = o.id
    group by o.id having sum(i.unit_price * i.quantity - i.discount) <> o.goods_total
      or sum(coalesce(i.deposit, 0) * i.quantity) <> o.deposit_total
      or (o.placed_at is not null and sum(i.quantity) <> o.units_ordered)`,
  'what promotions took off the goods of an order is the discount of its lines': `
    select o.id from orders o
    cross join lateral (select coalesce(sum(i.discount), 0) as amount from order_items i where i.order_id = o.id) lines
    cross join lateral (
      select coalesce(sum(d.amount), 0) as amount from order_discounts d join promotions p on p.id = d.promotion_id
      where d.order_id = o.id and p.kind <> 'FREE_DELIVERY'
    ) taken
    where lines.amount <> taken.amount`,
  'delivery is free where a promotion says so': `
    select o.id from orders o join order_discounts d on d.order_id = o.id join promotions p on p.id = d.promotion_id
    where p.kind = 'FREE_DELIVERY' and o.delivery_fee <> 0`,
  'an order uses its promotions until it is declined or canceled': `
    select d.id from order_discounts d join orders o on o.id = d.order_id
    where (o.status = 'CANCELED') <> (d.released_at is not null) or d.user_id <> o.user_id`,
  'the uses of a limited promotion are counted, and within its limit': `
    select p.id, p.used, uses.total from promotions p
    cross join lateral (
      select coalesce(sum(d.uses), 0) as total from (
        select count(*) as uses from order_discounts where promotion_id = p.id and released_at is null group by user_id) d
    ) uses
    where p.used <> case when p.limit_total is null then 0 else uses.total end or p.used > p.limit_total`,
  // Those from before the limit was set may be more.
  'no customer uses a promotion more often than it allows': `
    select d.promotion_id, d.user_id, count(*) as uses from order_discounts d join promotions p on p.id = d.promotion_id
    where d.released_at is null and d.created_at > p.updated_at
    group by d.promotion_id, d.user_id, p.limit_per_customer having count(*) > p.limit_per_customer`,
  'the sums of sales are those of the lines delivered': `
    select * from (
      select 'daily' as sums, product_id, sum(units) as units, sum(revenue) as revenue from daily_sales group by product_id
      union all
      select 'monthly', product_id, sum(units), sum(revenue) from monthly_sales group by product_id
    ) kept
    full join (
      select sums, product_id, sum(units) as units, sum(revenue) as revenue
      from sold_lines cross join unnest(array['daily', 'monthly']) sums where delivered_at is not null group by 1, 2
    ) actual using (sums, product_id)
    where kept.units is distinct from actual.units or kept.revenue is distinct from actual.revenue`,
  'revenue is what was delivered, less refunds': `
    select kept, actual from (
      select coalesce(sum(orders), 0) as orders, coalesce(sum(amount), 0) as amount from revenue_quarters
    ) kept, (
      select count(*) as orders, coalesce(sum(o.total_amount - coalesce(p.refunded_amount + p.released_amount, 0)), 0) as amount
      from orders o left join payments p on p.order_id = o.id where o.status = 'DELIVERED' and o.delivered_at is not null
    ) actual
    where kept.orders <> actual.orders or kept.amount <> actual.amount`,
  'money that was captured has a receipt, and no other': `
    select p.order_id, c.serial from payments p left join receipts c on c.order_id = p.order_id
    where (p.status = 'CAPTURED') <> (c.order_id is not null)`,
  'receipt less credit notes is what the order costs in the end, and what was paid and not paid back': `
    select c.order_id, c.total, n.total as noted, o.total_amount, p.refunded_amount from receipts c
    join orders o on o.id = c.order_id
    join payments p on p.order_id = c.order_id
    cross join lateral (select coalesce(sum(total), 0) as total from credit_notes where order_id = c.order_id) n
    cross join lateral (
      select coalesce(sum(case status when 'FAILED' then credit_amount else amount end), 0) as amount
      from refunds where order_id = c.order_id
    ) r
    where c.total - n.total <> o.total_amount - p.refunded_amount - p.released_amount
      or c.total - n.total <> p.captured_amount + p.credit_amount - r.amount`,
  'a receipt adds up: lines, deposits and delivery fee, by VAT rate': `
    select c.order_id, c.total, l.* from receipts c
    join orders o on o.id = c.order_id
    cross join lateral (
      select coalesce(sum(amount), 0) as goods, coalesce(sum(deposit), 0) as deposits,
        coalesce(sum(amount) filter (where tax_class = 'STANDARD'), 0) as standard
      from issued_lines(c.order_id)
    ) l
    left join amended_receipts k on k.order_id = o.id
    where c.total <> l.goods + l.deposits + coalesce(k.delivery_fee, o.delivery_fee)
      or c.standard_total <> l.standard + coalesce(k.delivery_fee, o.delivery_fee)
      or c.deposit_total <> l.deposits or c.vat <> vat_in(c.standard_total, c.vat_rate)`,
  'the numbers of receipts and credit notes have no gap': `
    select * from (
      select 'RECEIPT' as series, branch_id, year, count(*) as issued, max(serial) as last from receipts group by 2, 3
      union all
      select 'CREDIT_NOTE', branch_id, year, count(*), max(serial) from credit_notes group by 2, 3
    ) issued
    full join receipt_counters c using (series, branch_id, year)
    where issued.issued is distinct from issued.last or issued.last is distinct from c.last_serial`,
  'a customer has at most one default card, and at most one default address': `
    select user_id from payment_tokens where is_default and is_active group by user_id having count(*) > 1
    union all select user_id from addresses where is_default group by user_id having count(*) > 1`,
  'every row of the business has its audit': `
    ${[
      'user',
      'product',
      'inventory',
      'order',
      'order_item',
      'payment',
      'payment_attempt',
      'payment_void',
      'refund',
      'stock_request',
      'substitution_proposal',
      'damage_report',
      'claim',
      'refund_request',
      'promotion',
      'order_discount',
      'order_amendment',
    ]
      .map(
        (entity) => `
    select '${entity}' as entity, t.id from ${entity === 'inventory' ? entity : `${entity}s`} t where not exists (
      select from audit_log a where a.entity_type = '${entity}' and a.entity_id = t.id)`,
      )
      .join(' union all ')}`,
  'the audit ends with things as they are': `
    ${[
      ['inventory', 'inventory', 'on_hand'],
      ['orders', 'order', 'status'],
      ['payments', 'payment', 'status'],
      ['refunds', 'refund', 'status'],
      ['claims', 'claim', 'status'],
      ['refund_requests', 'refund_request', 'status'],
      ['users', 'user', 'role'],
      ['products', 'product', 'price'],
    ]
      .map(
        ([table, entity, column]) => `
    select '${entity}' as entity, t.id, t.${column}::text as is, a.value as audited from ${table} t
    left join lateral (
      select new_value ->> '${column}' as value from audit_log
      where entity_type = '${entity}' and entity_id = t.id and new_value ? '${column}' order by id desc limit 1) a on true
    where t.${column}::text is distinct from a.value`,
      )
      .join(' union all ')}`,
};

/** One row with, for each invariant, the violating rows as JSON or null: check_0, check_1, … in the order of `INVARIANTS`. */
export const CHECK_INVARIANTS = `select ${Object.values(INVARIANTS)
  .map((query, i) => `(select json_agg(row) from (${query}) row) as check_${i}`)
  .join(', ')}`;

/** The violated invariants, each with some of the violating rows. */
export function brokenInvariants(row: Record<string, unknown>): Record<string, unknown> {
  const broken = Object.keys(INVARIANTS).map((name, i): [string, unknown] => [name, row[`check_${i}`]]);
  return Object.fromEntries(
    broken
      .filter(([, rows]) => rows !== null)
      .map(([name, rows]) => [name, Array.isArray(rows) ? rows.slice(0, 5) : rows]),
  );
}
