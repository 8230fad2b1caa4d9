import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Language } from '../../db/schema/words.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { allOf, IS_PLACED, ORDER_TABLES, orderColumns, placedWithin } from './order-rows.ts';
import type { OrderRow, OrdersQuery } from './schemas.ts';

export async function ownOrders(call: SignedInCall, query: z.output<typeof OrdersQuery>) {
  const where = allOf([
    sql`o.user_id = ${call.user.userId}`,
    IS_PLACED,
    ...(query.status ? [sql`o.status = ${query.status}`] : []),
    ...placedWithin(query.date_from, query.date_to, call.config.timeZone),
  ]);
  const [items, [count]] = await call.batch([
    statement<OrderRow>(sql`
      select ${orderColumns(call.language)} from ${ORDER_TABLES} where ${where}
      order by o.placed_at desc, o.id desc limit ${query.limit} offset ${query.offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from orders o where ${where}`),
  ]);
  return { items, total: count?.total ?? 0 };
}

/** An order as its customer sees it; the caller has checked whose it is. */
export const orderById = (orderId: number, language: Language | undefined): Statement<OrderRow> =>
  statement(sql`select ${orderColumns(language)} from ${ORDER_TABLES} where o.id = ${orderId} and ${IS_PLACED}`);

/** @throws AppError 404 when the order is not the caller's */
export async function ownOrder(call: SignedInCall, orderId: number): Promise<OrderRow> {
  const [, [order]] = await call.batch([
    statement(sql`select settle_proposals(${orderId})`),
    statement<OrderRow>(sql`
      select ${orderColumns(call.language)} from ${ORDER_TABLES}
      where o.id = ${orderId} and o.user_id = ${call.user.userId} and ${IS_PLACED}`),
  ]);
  if (!order) throw new AppError('NOT_FOUND', 'There is no such order.');
  return order;
}
