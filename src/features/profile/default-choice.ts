import { type SQL, sql } from 'drizzle-orm';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { ErrorCode } from '../../errors.ts';

/** Rows of which a user keeps several, one of them the default. */
export interface Choice {
  table: SQL;
  /** Which of the user's rows can be chosen. */
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

/** First of every change of a default, so that all of them are serial for one user. Foreign keys do not wait for it. */
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

/** When another one is to be the default, the present one steps back (unless it is `id` itself). */
export const makeWay = ({ table }: Choice, userId: number, isWanted: boolean, id = 0): Statement =>
  statement(sql`
    update ${table} set is_default = false, updated_at = now()
    where ${isWanted}::boolean and user_id = ${userId} and is_default and id <> ${id}`);

/** True when the user has no default yet: who has any, has one. */
export const isFirst = ({ table }: Choice, userId: number): SQL =>
  sql`not exists (select from ${table} where user_id = ${userId} and is_default)`;

/** After a default has gone: the newest of the others takes its place. */
export const promoteNewest = (choice: Choice, userId: number): Statement =>
  statement(sql`
    update ${choice.table} set is_default = true, updated_at = now()
    where ${isFirst(choice, userId)} and id = (
      select id from ${choice.table} where user_id = ${userId} and ${choice.live} order by id desc limit 1)`);
