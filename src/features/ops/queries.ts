import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Language } from '../../db/schema/words.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import {
  AGE,
  allOf,
  FINISHED_LIST,
  IS_PLACED,
  ORDER_TABLES,
  placedWithin,
  staffOrderColumns,
} from '../orders/order-rows.ts';
import type { FloorOrder, FloorQuery, StaffOrderRow } from './schemas.ts';
import { urgencyOf, urgencyRank } from './urgency.ts';

type FloorRow = Omit<z.input<typeof FloorOrder>, 'urgency'>;

/** All orders for staff, most urgent first, finished ones last. */
export async function floorOrders(call: SignedInCall, query: z.output<typeof FloorQuery>) {
  const [rows, [count]] = await call.batch(floorPage(query, call.config.timeZone, call.language));
  const items = rows.map((row) => ({ ...row, urgency: urgencyOf(row.urgency_rank) }));
  return { items, total: count?.total ?? 0 };
}

/** One page of the list, and the total number of orders. */
export function floorPage(
  query: z.output<typeof FloorQuery>,
  timeZone: string,
  language: Language | undefined,
): [Statement<FloorRow>, Statement<{ total: number }>] {
  const where = matchingOrders(query, timeZone);
  return [
    statement(sql`
      with page as (${pageOf(where, query)})
      select o.id as order_id, o.order_number, o.status, ${urgencyRank(timeZone)} as urgency_rank,
        o.placed_at as created_at, lines.*, u.full_name as customer_name, u.phone as customer_phone,
        o.total_amount, o.fulfillment_type, json_build_object(
          'start_time', (o.window_start at time zone ${timeZone})::time(0),
          'end_time', (o.window_end at time zone ${timeZone})::time(0),
          'date', (o.window_start at time zone ${timeZone})::date) as delivery_slot
      from page
      join orders o on o.id = page.id
      join users u on u.id = o.user_id
      cross join lateral (${linesAtAGlance(language)}) lines
      order by page.is_finished, page.window_start, page.id`),
    statement(sql`select count(*)::int as total from orders o where ${where}`),
  ];
}

/** Condition on `orders o`. */
export const matchingOrders = (
  { status, branch_id, date_from, date_to }: Omit<z.output<typeof FloorQuery>, 'limit' | 'offset'>,
  timeZone: string,
): SQL =>
  allOf([
    IS_PLACED,
    sql`sees_branch(o.branch_id)`,
    ...(status ? [sql`o.status = ${status}`] : []),
    ...(branch_id ? [sql`o.branch_id = ${branch_id}`] : []),
    ...placedWithin(date_from, date_to, timeZone),
  ]);

/** Open and finished orders are read separately, each by an index on the due time; finished orders follow the open ones. */
function pageOf(where: SQL, { limit, offset }: { limit: number; offset: number }): SQL {
  const open = sql`from orders o where ${where} and o.status not in (${FINISHED_LIST})`;
  const finished = sql`from orders o where ${where} and o.status in (${FINISHED_LIST})`;
  return sql`
    select * from (
      (select o.id, o.window_start, false as is_finished ${open}
       order by o.window_start, o.id limit ${limit} offset ${offset})
      union all
      (select o.id, o.window_start, true as is_finished ${finished}
       order by o.window_start, o.id limit ${limit} offset greatest(0, ${offset} - (select count(*) ${open})))
    ) parts
    order by is_finished, window_start, id limit ${limit}`;
}

const linesAtAGlance = (language: Language | undefined): SQL => {
  const name = language
    ? `(select line_name(line.name, p.name, p.translations, '${language}') from products p where p.id = line.product_id)`
    : 'name';
  const more = language === undefined || language === 'en' ? ' more' : '';
  return sql.raw(`
  select sum(quantity)::int as items_count, max(age) as age_restricted,
    coalesce(sum(quantity) filter (where picked_status = 'PENDING'), 0)::int as items_pending,
    string_agg(${name} || ' ×' || quantity, ', ' order by id) filter (where position <= 2)
      || case when count(*) > 2 then ' +' || count(*) - 2 || '${more}' else '' end as items_summary
  from (select i.*, ${AGE} as age, row_number() over (order by i.id) as position from order_items i where i.order_id = o.id) line`);
};

/** The order as staff see it; the response of every order command for staff. */
export const staffOrder = (orderId: number, language: Language | undefined): Statement<StaffOrderRow> =>
  statement(
    sql`select ${staffOrderColumns(language)} from ${ORDER_TABLES} where o.id = ${orderId} and ${IS_PLACED} and sees_branch(o.branch_id)`,
  );

export async function findStaffOrder(call: SignedInCall, orderId: number): Promise<StaffOrderRow> {
  const [, [order]] = await call.batch([
    statement(sql`select settle_proposals(${orderId})`),
    staffOrder(orderId, call.language),
  ]);
  if (!order) throw new AppError('NOT_FOUND', 'There is no such order.');
  return order;
}
