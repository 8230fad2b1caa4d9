import { type SQL, sql } from 'drizzle-orm';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { ErrorCode } from '../../errors.ts';

/** A table with several rows per user, one of which is the default. */
export interface Choice {
  table: SQL;
  /** Condition for the rows that can be the default. */
  live: SQL;
  notFound: ErrorCode;
}

export const ADDRESSES: Choice = { table: sql.raw('addresses'), live: sql.raw('true'), notFound: 'ADDRESS_NOT_FOUND' };
export const PAYMENT_TOKENS: Choice = {
  table: sql.raw('payment_tokens'),
  live: sql.raw('is_active'),
  notFound: 'PAYMENT_TOKEN_NOT_FOUND',
};

const MAXIMUM = 50;

/** First statement of every change of a default: serializes changes per user without blocking foreign key checks. */
export const lockOwner = (userId: number): Statement =>
  statement(sql`select 1 from users where id = ${userId} for no key update`);

export const guardOwned = ({ table, live, notFound }: Choice, userId: number, id: number): Statement =>
  guard(sql`exists (select from ${table} where id = ${id} and user_id = ${userId} and ${live})`, notFound);

export const guardRoom = ({ table, live }: Choice, userId: number): Statement =>
  guard(
    sql`(select count(*) from ${table} where user_id = ${userId} and ${live}) < ${MAXIMUM}`,
    'UNPROCESSABLE',
    sql`jsonb_build_object('maximum', ${MAXIMUM}::int)`,
  );

/** Clears the present default when another row (not `id` itself) becomes the default. */
export const clearDefault = ({ table }: Choice, userId: number, isWanted: boolean, id = 0): Statement =>
  statement(sql`
    update ${table} set is_default = false, updated_at = now()
    where ${isWanted}::boolean and user_id = ${userId} and is_default and id <> ${id}`);

/** True when the user has no default yet; a user with rows always has one. */
export const isFirst = ({ table }: Choice, userId: number): SQL =>
  sql`not exists (select from ${table} where user_id = ${userId} and is_default)`;

/** After the default was removed, makes the newest remaining row the default. */
export const promoteNewest = (choice: Choice, userId: number): Statement =>
  statement(sql`
    update ${choice.table} set is_default = true, updated_at = now()
    where ${isFirst(choice, userId)} and id = (
      select id from ${choice.table} where user_id = ${userId} and ${choice.live} order by id desc limit 1)`);
