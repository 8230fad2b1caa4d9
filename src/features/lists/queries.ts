import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import type { Language } from '../../db/schema/words.ts';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { isVisible, listedProduct } from '../catalog/product.ts';
import { pricesAreCurrent } from '../prices/due.ts';
import type { ShoppingList, Usual } from './schemas.ts';

type ListRow = z.input<typeof ShoppingList>;
interface PageOf {
  limit: number;
  offset: number;
}

/** The caller's lists that fit the condition on `l`, by name. */
export const listsWhere = (
  userId: number,
  language: Language | undefined,
  condition: SQL,
  page: PageOf = { limit: 1, offset: 0 },
): Statement<ListRow> =>
  statement(sql`
    select l.id, l.name, l.created_at, l.updated_at, coalesce((
      select json_agg(json_build_object('product_id', i.product_id, 'quantity', i.quantity, 'product', ${listedProduct(language)})
        order by i.position)
      from shopping_list_items i join products p on p.id = i.product_id where i.list_id = l.id), '[]') as items
    from shopping_lists l
    where ${pricesAreCurrent} and l.user_id = ${userId} and ${condition}
    order by l.name collate "und-x-icu", l.id limit ${page.limit} offset ${page.offset}`);

export async function listsOf(call: SignedInCall, page: PageOf) {
  const { userId } = call.user;
  const [items, [count]] = await call.batch([
    listsWhere(userId, call.language, sql`true`, page),
    statement<{ total: number }>(sql`select count(*)::int as total from shopping_lists where user_id = ${userId}`),
  ]);
  return { items, total: count?.total ?? 0 };
}

/** @throws AppError 404 for a list of somebody else */
export async function listById(call: SignedInCall, id: number) {
  const [rows] = await call.batch([listsWhere(call.user.userId, call.language, sql`l.id = ${id}`)]);
  return onlyRow(rows, 'NOT_FOUND');
}

/** Orders that count for what a customer usually buys. */
const LATEST_ORDERS = 100;
/** An order counts half as much as one so many days later. */
const HALF_LIFE_DAYS = 60;

/**
 * What the caller usually buys: each order with a product counts, the more the later it was. Counted from a fixed day and not from
 * now, so that pages read one after the other fit together.
 */
export async function usualsOf(call: SignedInCall, { limit, offset }: PageOf) {
  const usual = sql`
    with latest as (
      select id, placed_at from orders
      where user_id = ${call.user.userId} and placed_at is not null and status <> 'CANCELED'
      order by id desc limit ${LATEST_ORDERS}
    ), usual as (
      select i.product_id, count(distinct o.id)::integer as times_ordered, max(o.placed_at) as last_ordered_at,
        (array_agg(i.quantity order by i.id desc))[1] as last_quantity,
        sum(power(2, extract(epoch from o.placed_at - timestamptz '2020-01-01Z')::float8 / 86400 / ${HALF_LIFE_DAYS}::float8)) as weight
      from latest o join order_items i on i.order_id = o.id
      group by i.product_id
    )`;
  const offered = sql`from usual u join products p on p.id = u.product_id where ${isVisible}`;
  const [items, [count]] = await call.batch([
    statement<z.input<typeof Usual>>(sql`
      ${usual}
      select u.product_id, u.times_ordered, u.last_ordered_at, u.last_quantity, ${listedProduct(call.language)} as product
      ${offered} and ${pricesAreCurrent}
      order by u.weight desc, u.product_id limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`${usual} select count(*)::int as total ${offered}`),
  ]);
  return { items, total: count?.total ?? 0 };
}
