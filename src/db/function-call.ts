import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseFunctions } from './functions.ts';
import { type Statement, statement } from './statement.ts';

type Name = keyof DatabaseFunctions;

/** Functions that act for a user: `p_user_id` is their first argument. */
export type UserFunction = {
  [N in Name]: DatabaseFunctions[N]['args'] extends { user_id: unknown } ? N : never;
}[Name];

/** Undefined uses the argument's default, or null. */
export type ArgumentsOf<N extends Name> = {
  [K in keyof DatabaseFunctions[N]['args']]: DatabaseFunctions[N]['args'][K] | undefined;
};

/** A row returned by the function; `Json` types its JSON columns. */
export type RowOf<N extends Name, Json = unknown> = Omit<DatabaseFunctions[N]['row'], keyof Json> & Json;

/** A call of a function that acts for a user; `user` is an SQL expression for `p_user_id`. */
export function callFunction<N extends UserFunction, Json = unknown>(
  name: N,
  user: SQL,
  args: Omit<ArgumentsOf<N>, 'user_id'>,
): Statement<RowOf<N, Json>> {
  const named = Object.entries(args).map(([key, value]) => sql`${sql.raw(`p_${key}`)} => ${value ?? null}`);
  return statement(sql`select * from ${sql.raw(name)}(${sql.join([sql`p_user_id => ${user}`, ...named], sql`, `)})`);
}
