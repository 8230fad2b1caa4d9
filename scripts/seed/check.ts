import type { Client } from 'pg';
import { ALLERGENS, DIETARY } from '../../src/db/schema/words.ts';

const inOrder = (column: string, words: readonly string[]): string =>
  `array(select word from unnest('{${words.join(',')}}'::text[]) with ordinality known (word, place) where word = any (${column}) order by place)`;

/** Each query returns the rows that violate its rule. */
const invariants: Record<string, string> = {
  'on hand is the sum of the movements': `
    select from inventory i left join stock_movements m on m.inventory_id = i.id
    group by i.id having i.on_hand <> coalesce(sum(m.delta), 0)`,
  'stock was never below zero': `
    select from (select sum(delta) over (partition by inventory_id order by id) as balance from stock_movements) s
    where balance < 0`,
  'the ledger is in the order of time': `
    select from (select created_at, lag(created_at) over (order by id) as before from stock_movements) m
    where created_at < before`,
  'every line of an order left the shelf once': `
    select from order_items i join orders o on o.id = i.order_id
    where not exists (
      select from stock_movements m join inventory v on v.id = m.inventory_id
      where m.order_id = o.id and m.reason = 'SALE' and v.branch_id = o.branch_id and v.product_id = i.product_id
        and m.delta = -i.quantity)`,
  'a canceled order gave everything back': `
    select from orders o join stock_movements m on m.order_id = o.id
    where o.status = 'CANCELED' group by o.id having sum(m.delta) <> 0`,
  'goods are the sum of the lines': `
    select from orders o join order_items i on i.order_id = o.id
    group by o.id having o.goods_total <> sum(i.quantity * i.unit_price - i.discount)`,
  'what promotions took off is the discount of the lines, and canceled orders gave it back': `
    select from orders o left join order_discounts d on d.order_id = o.id
    where coalesce(d.amount, 0) <> (select sum(discount) from order_items i where i.order_id = o.id)
      or (d.released_at is not null) <> (o.status = 'CANCELED' and d.id is not null)
    union all select where not exists (select from order_discounts)`,
  'every order has lines and a payment of its total': `
    select from orders o left join payments p on p.order_id = o.id and p.amount + p.credit_amount = o.total_amount
    where p.id is null or not exists (select from order_items i where i.order_id = o.id)`,
  'refunds are known to their payment and within it': `
    select from payments p left join refunds r on r.payment_id = p.id and r.status <> 'FAILED'
    group by p.id having p.refunded_amount <> coalesce(sum(r.amount), 0) or p.refunded_amount > coalesce(p.captured_amount, 0) + p.credit_amount`,
  'a canceled order is refunded': `
    select from orders o join payments p on p.order_id = o.id where o.status = 'CANCELED' and p.refunded_amount + p.released_amount <> o.total_amount`,
  'what is captured, released and spent of credit is the total': `
    select from orders o join payments p on p.order_id = o.id
    where p.status = 'CAPTURED' and p.captured_amount + p.released_amount + p.credit_amount <> o.total_amount`,
  'an order that has left the shop is paid': `
    select from orders o join payments p on p.order_id = o.id
    where o.status in ('OUT_FOR_DELIVERY', 'DELIVERED') and p.status <> 'CAPTURED'`,
  'every state of a payment that an order can have is there, in both modes': `
    select from unnest('{AUTHORIZED,CAPTURED,FAILED,VOIDED}'::text[]) s(status)
    where not exists (select from payments p where p.status = s.status and p.mode = 'AUTHORIZE')
    union all select where not exists (select from payments where mode = 'CHARGE')
      or not exists (select from payments where refunded_amount between 0.01 and captured_amount - 0.01)
      or not exists (select from payments where released_amount > 0 and captured_amount > 0)`,
  'credit is the sum of its entries': `
    select from credit_accounts a where a.balance <> (
      select sum(amount) from credit_entries e where e.user_id = a.user_id and e.currency = a.currency)`,
  'every state of a claim and of a refund by staff has one': `
    select from unnest('{OPEN,APPROVED,PARTLY_APPROVED,DENIED}'::text[]) s(status)
    where not exists (select from claims c where c.status = s.status)
    union all select from unnest('{PENDING,APPROVED,REJECTED}'::text[]) s(status)
    where not exists (select from refund_requests q where q.status = s.status)`,
  'a receipt less its credit notes is what the order costs in the end': `
    select from orders o join payments p on p.order_id = o.id left join receipts c on c.order_id = o.id
    where case when p.status = 'CAPTURED'
      then o.total_amount - p.refunded_amount - p.released_amount is distinct from c.total - (
        select coalesce(sum(n.total), 0) from credit_notes n where n.order_id = o.id)
      else c.order_id is not null end`,
  'numbers of receipts and credit notes have no gap, and are in the order of time': `
    select from (
      select serial, row_number() over (partition by branch_id, year order by issued_at, serial) as place from receipts
      union all
      select serial, row_number() over (partition by branch_id, year order by issued_at, serial) from credit_notes
    ) n where serial <> place`,
  'there are receipts with deposits, and of each VAT rate': `
    select where not exists (select from receipts where deposit_total > 0)
      or not exists (select from receipts where standard_total > 0 and standard_total + deposit_total < total)`,
  'every state of a scheduled price has one, and the live one is the price': `
    select from unnest('{PENDING,ACTIVE,FINISHED}'::text[]) s(status)
    where not exists (select from scheduled_prices c where c.status = s.status)
    union all select from scheduled_prices c join products p on p.id = c.product_id
    where c.status = 'ACTIVE' and (p.price <> c.price or c.due_at <= now())`,
  'there are shopping lists with products': `
    select where not exists (select from shopping_list_items)`,
  'a slot takes no more orders than it has places': `
    select from orders o join delivery_slots s on s.id = o.delivery_slot_id
    where o.status <> 'CANCELED' group by s.id, o.delivery_date having count(*) > s.capacity`,
  'an order is in its slot': `
    select from orders o join delivery_slots s on s.id = o.delivery_slot_id
    where s.branch_id <> o.branch_id or extract(dow from o.delivery_date) <> s.day_of_week
      or o.window_start <> (o.delivery_date + s.start_time)::timestamptz`,
  'a timeline starts with the order and ends with its status': `
    select from orders o where o.status is distinct from
        (select status from order_events e where e.order_id = o.id order by id desc limit 1)
      or o.placed_at is distinct from (select min(at) from order_events e where e.order_id = o.id and e.status = 'CREATED')`,
  'nothing has happened in the future': `
    select from order_events where at > now()
    union all select from stock_movements where created_at > now()
    union all select from audit_log where created_at > now()
    union all select from notifications where created_at > now()
    union all select from claims where greatest(created_at, decided_at) > now()
    union all select from credit_entries where created_at > now()`,
  'the audit ends with the stock as it is': `
    select from inventory i where i.on_hand is distinct from (
      select (new_value ->> 'on_hand')::integer from audit_log a
      where a.entity_type = 'inventory' and a.entity_id = i.id order by a.id desc limit 1)`,
  'every order and line has its audit': `
    select from orders o where not exists (
      select from audit_log a where a.entity_type = 'order' and a.entity_id = o.id and a.action = 'CREATE')
    union all select from order_items i where not exists (
      select from audit_log a where a.entity_type = 'order_item' and a.entity_id = i.id and a.action = 'CREATE')`,
  'every product and branch has its texts in Hebrew': `
    select from products where translations -> 'he' ->> 'name' !~ '[א-ת]' or translations -> 'he' ->> 'description' is null
      or coalesce(translations -> 'en' ->> 'name', name) ~ '[א-ת]'
    union all select from branches where translations -> 'he' ->> 'address' is null`,
  'every line of an order can be shown in Hebrew, its replacement too': `
    select from order_items i join products p on p.id = i.product_id left join products r on r.id = i.replacement_product_id
    where i.name <> p.name or i.replacement_name is distinct from r.name`,
  'every label of a product is in use, and wine asks for an age': `
    select from unnest('{kosher-dairy,kosher-meat,parve,kosher-passover,vegan,vegetarian,gluten-free,lactose-free,sugar-free}'::text[]) s(label)
    where not exists (select from products p where s.label = any (p.dietary))
    union all select where not exists (select from products where age_restricted = 18)
    union all select from products where barcode is null or not is_gtin(barcode)`,
  'labels stand in the order in which the API stores them, so that importing an export changes nothing': `
    select from products p where p.allergens <> ${inOrder('p.allergens', ALLERGENS)}
      or p.may_contain <> ${inOrder('p.may_contain', ALLERGENS)} or p.dietary <> ${inOrder('p.dietary', DIETARY)}`,
  'every status has an order': `
    select from unnest('{CREATED,IN_PROGRESS,READY,OUT_FOR_DELIVERY,DELIVERED,CANCELED,DELAYED,MISSING}'::text[]) s(status)
    where not exists (select from orders o where o.status = s.status)`,
};

/** Throws with the names of the rules that the seeded data violates. */
export async function checkSeed(client: Client): Promise<void> {
  const broken: string[] = [];
  for (const [rule, query] of Object.entries(invariants)) {
    const { rows } = await client.query(`select count(*)::integer as found from (${query}) broken`);
    if (rows[0].found > 0) broken.push(`${rule} (broken ${rows[0].found} times)`);
  }
  if (broken.length > 0) throw new Error(`The seed contradicts itself: ${broken.join('; ')}`);
}
