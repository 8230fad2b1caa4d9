import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { holdsText } from '../../db/text.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { AdminUser, UserFilters } from './schemas.ts';

type UserRow = z.input<typeof AdminUser>;

export const userWhere = (condition: SQL): Statement<UserRow> =>
  statement(sql`
    select id, email, full_name, phone, role, is_active, membership_tier, default_branch_id, created_at, updated_at
    from users where ${condition}`);

export async function oneUser(call: SignedInCall, id: number) {
  const [rows] = await call.batch([userWhere(sql`id = ${id}`)]);
  return onlyRow(rows, 'USER_NOT_FOUND');
}

export async function listUsers(call: SignedInCall, filters: z.output<typeof UserFilters>) {
  const { limit, offset } = filters;
  const condition = matches(filters);
  const [items, [count]] = await call.batch([
    userWhere(sql`${condition} order by id limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from users where ${condition}`),
  ]);
  return { items, total: count?.total ?? 0 };
}

function matches({ q, role, is_active }: z.output<typeof UserFilters>): SQL {
  const conditions = [sql`true`];
  if (q) {
    const places = [sql`name_key`, sql`email`, sql`phone`].map((place) => holdsText(place, q));
    conditions.push(sql`(${sql.join(places, sql` or `)})`);
  }
  if (role !== undefined) conditions.push(sql`role = ${role}`);
  if (is_active !== undefined) conditions.push(sql`is_active = ${is_active}::boolean`);
  return sql.join(conditions, sql` and `);
}
