import { sql } from 'drizzle-orm';
import type { ReceiptLanguage } from '../../db/schema/words.ts';
import { statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { IS_PLACED } from '../orders/order-rows.ts';
import type { ReceiptRow } from './schemas.ts';

/** VAT by rate of a row with the sums of a receipt or credit note, those at no VAT last. */
const vatOf = (row: string, rate: string) => `(
  select coalesce(json_agg(json_build_object('rate', v.rate, 'net', v.gross - v.vat, 'vat', v.vat) order by v.place), '[]')
  from (values (1, ${rate}, ${row}.standard_total, ${row}.vat),
    (2, 0.00, ${row}.total - ${row}.standard_total - ${row}.deposit_total, 0.00)) v (place, rate, gross, vat)
  where v.gross <> 0)`;

const numberOf = (prefix: string, row: string) =>
  `format('${prefix}%s-%s-%s', ${row}.branch_id, ${row}.year,
     lpad(${row}.serial::text, greatest(6, length(${row}.serial::text)), '0'))`;

const rateOf = (line: string) => `case ${line}.tax_class when 'STANDARD' then c.vat_rate else 0.00 end`;

const CREDIT_NOTES = `(
  select coalesce(json_agg(json_build_object(
    'number', ${numberOf('C', 'n')}, 'issued_at', n.issued_at, 'amount', n.total, 'reason', n.reason,
    'deposit_total', n.deposit_total, 'vat', ${vatOf('n', 'c.vat_rate')},
    'lines', (
      select coalesce(json_agg(json_build_object('name', r.name, 'sku', r.sku, 'quantity', r.quantity, 'amount', r.amount,
        'deposit', r.deposit, 'vat_rate', ${rateOf('r')}) order by r.place), '[]')
      from refunded_lines r where r.refund_id = n.refund_id and n.total > 0)) order by n.id), '[]')
  from credit_notes n where n.order_id = c.order_id)`;

const RECEIPT = sql.raw(`
  ${numberOf('R', 'c')} as number, c.issued_at, o.order_number, o.currency,
  json_build_object('name', c.seller_name, 'address', c.seller_address, 'tax_id', c.seller_tax_id) as seller,
  json_build_object('name', c.customer_name, 'address', case when k.order_id is null then o.delivery_address else k.delivery_address end) as customer,
  lines.lines, lines.deposits, coalesce(k.delivery_fee, o.delivery_fee) as delivery_fee, lines.discounts, ${vatOf('c', 'c.vat_rate')} as vat, c.total,
  (select coalesce(json_agg(json_build_object('method', p.method, 'amount', p.amount) order by p.method), '[]')
   from (values ('CARD', c.total - c.credit_amount), ('CREDIT', c.credit_amount)) p (method, amount) where p.amount > 0) as paid,
  ${CREDIT_NOTES} as credit_notes`);

const LINES = sql.raw(`
  select
    coalesce(json_agg(json_build_object('name', l.name, 'sku', l.sku, 'quantity', l.quantity, 'grams', l.grams,
      'unit_price', l.unit_price, 'discount', l.discount, 'amount', l.amount, 'vat_rate', ${rateOf('l')})
      order by l.order_item_id), '[]') as lines,
    coalesce(json_agg(json_build_object('name', l.name, 'quantity', l.quantity, 'amount', l.deposit)
      order by l.order_item_id) filter (where l.deposit > 0), '[]') as deposits,
    coalesce(json_agg(json_build_object('name', l.name, 'amount', l.discount)
      order by l.order_item_id) filter (where l.discount > 0), '[]') as discounts
  from issued_lines(o.id) l`);

/**
 * The receipt of an order, for staff or for its customer, and the language of the shop.
 * @throws AppError 404 when there is no such order for the caller, 409 before the capture
 */
export async function receiptOf(call: SignedInCall, orderId: number) {
  const isOwn = call.user.role === 'CUSTOMER' ? sql`o.user_id = ${call.user.userId}` : sql`sees_branch(o.branch_id)`;
  const [[found]] = await call.batch([
    statement<ReceiptRow & { is_issued: boolean; language: ReceiptLanguage }>(sql`
      select c.order_id is not null as is_issued, s.receipt_language as language, ${RECEIPT}
      from orders o
      cross join settings s
      left join receipts c on c.order_id = o.id
      left join amended_receipts k on k.order_id = o.id
      left join lateral (${LINES}) lines on true
      where o.id = ${orderId} and ${IS_PLACED} and ${isOwn}`),
  ]);
  if (!found) throw new AppError('NOT_FOUND', 'There is no such order.');
  const { is_issued, language, ...receipt } = found;
  if (!is_issued) throw new AppError('RECEIPT_NOT_READY');
  return { receipt, language };
}
