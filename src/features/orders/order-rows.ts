import { type SQL, sql } from 'drizzle-orm';
import type { Language } from '../../db/schema/words.ts';
import { wordList } from '../../db/statement.ts';
import { FINISHED, UNFINISHED } from './statuses.ts';

/** A replacement may be for adults although what was ordered is not. */
export const AGE = `greatest(i.age_restricted, (select r.age_restricted from products r where r.id = i.replacement_product_id))`;

/** Undefined: names as they were recorded, without a look at the products. */
type InLanguage = Language | undefined;

const lineName = (recorded: string, product: string, language: Language) =>
  `line_name(${recorded}, ${product}.name, ${product}.translations, '${language}')`;

/** A column of a table that has `translations`. */
const translatedIn = (column: string, table: string, language: InLanguage) =>
  language ? `translated(${table}.${column}, ${table}.translations, '${language}', '${column}')` : `${table}.${column}`;

const amendedIn = (amended: string, language: InLanguage) =>
  language ? `${amended} || jsonb_build_object('items', lines_in(${amended} -> 'items', '${language}'))` : amended;

/** The columns of a line of `order_items i`; in a language also of its product, `products p`. */
function lineColumns(language: InLanguage): string {
  const name = language ? `${lineName('i.name', 'p', language)} as name` : 'i.name';
  const replacementName = language
    ? `(select ${lineName('i.replacement_name', 'r', language)} from products r where r.id = i.replacement_product_id) as replacement_name`
    : 'i.replacement_name';
  return `i.id, i.product_id, ${name}, i.sku, i.unit_price, i.quantity, i.discount, i.tax_class, i.deposit, i.picked_status,
  case i.picked_status when 'PENDING' then null else l.units end as picked_quantity, l.grams as picked_grams,
  case i.picked_status when 'PENDING' then null else l.amount end as final_amount, i.price_per_kg, i.nominal_grams,
  json_build_object('policy', i.substitution_policy, 'product_ids', coalesce(i.substitution_ids, '{}')) as substitution,
  case when c.order_id is not null then case i.tax_class when 'STANDARD' then c.vat_rate else 0.00 end end as vat_rate,
  i.replacement_product_id, ${replacementName}, i.replacement_unit_price, i.replacement_deposit, i.image_url, i.unit, ${AGE} as age_restricted`;
}

/** The columns of an order itself. */
function head(language: InLanguage): string {
  return `o.id, o.order_number, o.status, o.fulfillment_type, o.branch_id, o.total_amount, o.delivery_fee, o.deposit_total,
  pay.refunded_amount + pay.released_amount as refunded_amount, pay.credit_amount, o.currency, pay.reference as payment_reference,
  o.placed_at as created_at, o.updated_at, o.version,
  (select coalesce(json_agg(json_build_object('id', a.id, 'confirmed_at', a.confirmed_at, 'total', a.total, 'difference', a.difference,
     'before', ${amendedIn('a.before', language)}, 'after', ${amendedIn('a.after', language)}) order by a.confirmed_at, a.id), '[]')
   from order_amendments a where a.order_id = o.id and a.status = 'CONFIRMED') as amendments,
  case when pay.status <> 'CAPTURED' or pay.refunded_amount = 0 then pay.status
    when pay.refunded_amount < pay.captured_amount + pay.credit_amount then 'PARTLY_REFUNDED' else 'REFUNDED' end as payment_status,
  case when pay.mode = 'AUTHORIZE' then pay.amount end as authorized_amount, pay.captured_amount, pay.capture_before,
  (select coalesce(json_agg(json_build_object('promotion_id', d.promotion_id, 'name', d.name, 'amount', d.amount) order by d.position), '[]')
   from order_discounts d where d.order_id = o.id) as discounts,
  (select sum(i.quantity)::int from order_items i where i.order_id = o.id) as items_count,
  (select max(${AGE}) from order_items i where i.order_id = o.id) as age_restricted,
  case when o.fulfillment_type = 'DELIVERY' then json_build_object('address', o.delivery_address,
    'slot_id', o.delivery_slot_id, 'slot_start', o.window_start, 'slot_end', o.window_end) end as delivery,
  case when o.fulfillment_type = 'PICKUP' then json_build_object('branch_id', o.branch_id,
    'branch_name', (select ${translatedIn('name', 'b', language)} from branches b where b.id = o.branch_id),
    'window_start', o.window_start, 'window_end', o.window_end) end as pickup,
  timeline_of(o.id, o.placed_at) as timeline`;
}

/** The columns of an `Order` without its lines, selected from `ORDER_TABLES`. */
export const ORDER_HEAD = sql.raw(head(undefined));

/** The columns of a full `Order`, selected from `ORDER_TABLES`. */
export const orderColumns = (language: InLanguage): SQL =>
  sql.raw(`${head(language)},
  (select json_agg(line order by line.id) from (
     select ${lineColumns(language)} from order_items i ${language ? 'join products p on p.id = i.product_id ' : ''}cross join lateral picked_line(i) l
     where i.order_id = o.id) line) as items`);

/** The same for staff: with the customer and each line's bin, lines in the order of a walk through the bins. */
export const staffOrderColumns = (language: InLanguage): SQL =>
  sql.raw(`${head(language)},
  (select json_agg(line order by line.bin_location, line.id) from (
     select ${lineColumns(language)}, i.picked_reason, i.override_reason, i.weight_tolerance_percent, p.bin_location, json_build_object(
       'name', ${translatedIn('name', 'p', language)}, 'image_url', p.image_url, 'bin_location', p.bin_location,
       'description', ${translatedIn('description', 'p', language)}) as product
     from order_items i join products p on p.id = i.product_id cross join lateral picked_line(i) l
     where i.order_id = o.id) line) as items,
  (select json_build_object('id', u.id, 'full_name', u.full_name, 'phone', u.phone, 'email', u.email)
   from users u where u.id = o.user_id) as customer`);

export const ORDER_TABLES = sql.raw(
  'orders o join payments pay on pay.order_id = o.id left join receipts c on c.order_id = o.id',
);

/** The finished statuses as a SQL list: `o.status in (${FINISHED_LIST})`. */
export const FINISHED_LIST = wordList(FINISHED);
export const UNFINISHED_LIST = wordList(UNFINISHED);

/** Condition on `orders o`: the order is placed, which makes it visible. */
export const IS_PLACED = sql.raw('o.placed_at is not null');

/** Condition on `orders o`: placed within these dates in the shop's time zone, both included. */
export function placedWithin(from: string | undefined, to: string | undefined, timeZone: string): SQL[] {
  return [
    ...(from ? [sql`o.placed_at >= ${from}::date::timestamp at time zone ${timeZone}`] : []),
    ...(to ? [sql`o.placed_at < (${to}::date + 1)::timestamp at time zone ${timeZone}`] : []),
  ];
}

export const allOf = (conditions: SQL[]): SQL => sql.join(conditions, sql` and `);
