import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { csvDownload, EXPORT_PAGE, utc } from '../../csv-download.ts';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { matchingOrders } from '../ops/queries.ts';
import { ORDER_HEAD, ORDER_TABLES } from '../orders/order-rows.ts';
import type { OrdersExport } from './schemas.ts';

interface Row {
  id: number;
  order_number: string;
  status: string;
  fulfillment_type: string;
  branch_id: number;
  customer_name: string;
  customer_email: string;
  customer_phone: string | null;
  delivery_address: string | null;
  placed_at: string;
  /** With microseconds, for the next page. */
  placed: string;
  window_start: string | null;
  window_end: string | null;
  delivered_at: string | null;
  canceled_at: string | null;
  items_count: number;
  picked_quantity: number;
  goods_total: string;
  discount_total: string;
  delivery_fee: string;
  deposit_total: string;
  total_amount: string;
  refunded_amount: string;
  credit_amount: string;
  captured_amount: string | null;
  currency: string;
  payment_mode: string;
  payment_status: string;
}

/** Orders by the time they were placed, a row each, with what was picked and paid in the end. */
export const exportOrders = (call: SignedInCall, filters: z.output<typeof OrdersExport>) =>
  csvDownload<Row>({
    name: 'orders',
    columns: {
      order_id: (row) => row.id,
      order_number: (row) => row.order_number,
      status: (row) => row.status,
      fulfillment_type: (row) => row.fulfillment_type,
      branch_id: (row) => row.branch_id,
      customer_name: (row) => row.customer_name,
      customer_email: (row) => row.customer_email,
      customer_phone: (row) => row.customer_phone,
      delivery_address: (row) => row.delivery_address,
      placed_at: (row) => utc(row.placed_at),
      window_start: (row) => utc(row.window_start),
      window_end: (row) => utc(row.window_end),
      delivered_at: (row) => utc(row.delivered_at),
      canceled_at: (row) => utc(row.canceled_at),
      items_count: (row) => row.items_count,
      picked_quantity: (row) => row.picked_quantity,
      goods_total: (row) => row.goods_total,
      discount_total: (row) => row.discount_total,
      delivery_fee: (row) => row.delivery_fee,
      deposit_total: (row) => row.deposit_total,
      total_amount: (row) => row.total_amount,
      refunded_amount: (row) => row.refunded_amount,
      credit_amount: (row) => row.credit_amount,
      captured_amount: (row) => row.captured_amount,
      currency: (row) => row.currency,
      payment_mode: (row) => row.payment_mode,
      payment_status: (row) => row.payment_status,
    },
    rowsAfter: async (last) => {
      const after = last && sql`and (o.placed_at, o.id) > (${last.placed}::timestamptz, ${last.id})`;
      const [rows] = await call.batch([
        statement<Row>(sql`
          select ${ORDER_HEAD}, o.placed_at, o.placed_at::text as placed, o.window_start, o.window_end, o.delivered_at, o.canceled_at,
            o.delivery_address, o.goods_total, pay.mode as payment_mode,
            u.full_name as customer_name, u.email as customer_email, u.phone as customer_phone, lines.*
          from (
            select o.id from orders o where ${matchingOrders(filters, call.config.timeZone)} ${after ?? sql``}
            order by o.placed_at, o.id limit ${EXPORT_PAGE}
          ) page
          join (${ORDER_TABLES}) on o.id = page.id
          join users u on u.id = o.user_id
          cross join lateral (
            select coalesce(sum(i.discount), 0)::numeric(14, 2) as discount_total,
              coalesce(sum(l.units) filter (where i.picked_status <> 'PENDING'), 0)::int as picked_quantity
            from order_items i cross join lateral picked_line(i) l where i.order_id = o.id
          ) lines
          order by o.placed_at, o.id`),
      ]);
      return rows;
    },
  });
