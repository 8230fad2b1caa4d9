import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { lastRows } from '../../db/rows.ts';
import { guard, intArray, type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { MAX_LIST_ITEMS, MAX_LISTS } from '../../limits.ts';
import { isVisible } from '../catalog/product.ts';
import { listsWhere } from './queries.ts';
import type { ListItems } from './schemas.ts';

const limitDetails = (maximum: number) => sql`jsonb_build_object('maximum', ${maximum}::int)`;

export async function createList(call: SignedInCall, name: string) {
  const { userId } = call.user;
  const [, , , rows] = await call.batch([
    // Locked, so that two requests do not both make the last list.
    statement(sql`select from users where id = ${userId} for no key update`),
    guard(
      sql`(select count(*) from shopping_lists where user_id = ${userId}) < ${MAX_LISTS}`,
      'LIST_LIMIT',
      limitDetails(MAX_LISTS),
    ),
    statement(sql`insert into shopping_lists (user_id, name) values (${userId}, ${name})`),
    listsWhere(userId, call.language, sql`text_key(l.name) = text_key(${name})`),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

/** Locks a list of the caller, or answers 404. */
function lockList({ user }: SignedInCall, id: number): [Statement, Statement] {
  const own = sql`from shopping_lists where id = ${id} and user_id = ${user.userId}`;
  return [statement(sql`select ${own} for update`), guard(sql`exists (select ${own})`, 'NOT_FOUND')];
}

export async function renameList(call: SignedInCall, id: number, name: string) {
  const [, , , rows] = await call.batch([
    ...lockList(call, id),
    statement(sql`update shopping_lists set name = ${name}, updated_at = now() where id = ${id}`),
    listsWhere(call.user.userId, call.language, sql`l.id = ${id}`),
  ]);
  return onlyRow(rows, 'NOT_FOUND');
}

/** Replaces what is on a list. A product keeps the price at which it was put there, to tell of a change. */
export async function setListItems(call: SignedInCall, id: number, { items }: z.output<typeof ListItems>) {
  const ids = intArray(items.map(({ product_id }) => product_id));
  const quantities = intArray(items.map(({ quantity }) => quantity));
  // What is on the list already may stay there, on sale or not.
  const unknown = sql`
    select wanted.id from unnest(${ids}) wanted (id)
    where not exists (select from products p where p.id = wanted.id and ${isVisible})
      and not exists (select from shopping_list_items i where i.list_id = ${id} and i.product_id = wanted.id)`;
  const results = await call.batch([
    ...lockList(call, id),
    guard(sql`${items.length}::int <= ${MAX_LIST_ITEMS}::int`, 'LIST_LIMIT', limitDetails(MAX_LIST_ITEMS)),
    guard(
      sql`not exists (${unknown})`,
      'PRODUCT_NOT_FOUND',
      sql`jsonb_build_object('product_ids', (select jsonb_agg(id order by id) from (${unknown}) missing))`,
    ),
    statement(sql`delete from shopping_list_items where list_id = ${id} and product_id <> all (${ids})`),
    statement(sql`
      insert into shopping_list_items (list_id, product_id, quantity, position, unit_price)
      select ${id}::int, p.id, wanted.quantity, wanted.position, p.price
      from unnest(${ids}, ${quantities}) with ordinality as wanted (product_id, quantity, position)
      join products p on p.id = wanted.product_id
      on conflict (list_id, product_id) do update set quantity = excluded.quantity, position = excluded.position`),
    statement(sql`update shopping_lists set updated_at = now() where id = ${id}`),
    listsWhere(call.user.userId, call.language, sql`l.id = ${id}`),
  ]);
  return onlyRow(lastRows(results), 'NOT_FOUND');
}

export async function deleteList(call: SignedInCall, id: number) {
  await call.batch([...lockList(call, id), statement(sql`delete from shopping_lists where id = ${id}`)]);
  return { success: true as const };
}
