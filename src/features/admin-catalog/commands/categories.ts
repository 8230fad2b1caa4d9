import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments, insertRow, jsonObject, onlyRow, switchActive } from '../../../db/change.ts';
import { guard, type Statement, statement } from '../../../db/statement.ts';
import { isSameName } from '../../../db/text.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { categoryWhere } from '../queries.ts';
import type { CategoryChange, NewCategory } from '../schemas.ts';

/** Passes when no category is given. */
export const categoryExists = (id: number | null | undefined): Statement =>
  guard(
    sql`${id ?? null}::int is null or exists (select from categories where id = ${id ?? null})`,
    'CATEGORY_NOT_FOUND',
  );

export async function createCategory(call: SignedInCall, body: z.output<typeof NewCategory>) {
  const [, , rows] = await call.batch([
    categoryExists(body.parent_id),
    insertRow('categories', columnsOf(body)),
    categoryWhere(sql`${isSameName(sql`c.name`, body.name)} and coalesce(c.parent_id, 0) = ${body.parent_id ?? 0}`),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

export async function changeCategory(call: SignedInCall, id: number, body: z.output<typeof CategoryChange>) {
  const [, , , , , rows] = await call.batch([
    categoryExists(id),
    ...noCycle(id, body.parent_id),
    statement(sql`update categories set ${assignments(columnsOf(body))} where id = ${id}`),
    categoryWhere(sql`c.id = ${id}`),
  ]);
  return onlyRow(rows, 'CATEGORY_NOT_FOUND');
}

const columnsOf = ({ translations, ...columns }: z.output<typeof CategoryChange>) => ({
  ...columns,
  translations: jsonObject(translations),
});

/** Serialized: two concurrent moves, each valid alone, could together make a cycle. */
const noCycle = (id: number, parentId: number | null | undefined): [Statement, Statement, Statement] => [
  statement(sql`select pg_advisory_xact_lock(hashtext('category_moves')) where ${parentId ?? null}::int is not null`),
  categoryExists(parentId),
  guard(
    sql`not exists (
      with recursive above as (
        select id, parent_id from categories where id = ${parentId ?? null}
        union
        select c.id, c.parent_id from categories c join above on c.id = above.parent_id
      )
      select from above where id = ${id})`,
    'CATEGORY_CYCLE',
  ),
];

export async function toggleCategory(call: SignedInCall, id: number, wanted: boolean | null) {
  const [, , rows] = await call.batch([
    ...switchActive({ table: 'categories', entity: 'category', id, wanted }),
    categoryWhere(sql`c.id = ${id}`),
  ]);
  return onlyRow(rows, 'CATEGORY_NOT_FOUND');
}
