import { type SQL, sql } from 'drizzle-orm';
import { CALLS, type DatabaseFunctions } from './functions.ts';
import { arrayLiteral, type Statement, statement, textArray } from './statement.ts';

/** Functions that act for a user: they have an argument `p_user_id`. */
export type UserFunction = keyof typeof CALLS;

/** Undefined uses the argument's default, or null. */
export type ArgumentsOf<N extends UserFunction> = {
  [K in keyof DatabaseFunctions[N]['args'] as Exclude<K, 'user_id'>]: DatabaseFunctions[N]['args'][K] | undefined;
};

/** A row returned by the function; `Json` types its JSON columns. */
export type RowOf<N extends UserFunction, Json = unknown> = Omit<DatabaseFunctions[N]['row'], keyof Json> & Json;

/** A call of a function that acts for a user. */
export interface FunctionCall<Row = unknown> {
  readonly name: UserFunction;
  /** `p_user_id`, or the call that returns it, which happens before this one. */
  readonly user: number | FunctionCall;
  readonly args: Readonly<Record<string, unknown>>;
  /** Never set; carries the row type. */
  readonly row?: Row;
}

export const callFunction = <N extends UserFunction, Json = unknown>(
  name: N,
  user: FunctionCall['user'],
  args: ArgumentsOf<N>,
): FunctionCall<RowOf<N, Json>> => ({ name, user, args });

/** A call as an expression or in the `from` of a statement of a batch. */
export function callSql({ name, user, args }: FunctionCall): SQL {
  const named = Object.entries(args).map(
    ([key, value]) => sql`${sql.raw(`p_${key}`)} => ${Array.isArray(value) ? textArray(value) : (value ?? null)}`,
  );
  const first = sql`p_user_id => ${typeof user === 'number' ? user : callSql(user)}`;
  return sql`${sql.raw(name)}(${sql.join([first, ...named], sql`, `)})`;
}

/** The same as text for `try_call`, which takes the values from one array: they are added to `values`. */
function callText({ name, user, args }: FunctionCall, values: (string | null)[]): string {
  const types: Readonly<Record<string, string>> = CALLS[name].args;
  const named = Object.entries({ user_id: user, ...args }).map(
    ([key, value]) =>
      `p_${key} => ${isCall(value) ? callText(value, values) : `($1)[${values.push(asText(value))}]::${types[key]}`}`,
  );
  return `${name}(${named.join(', ')})`;
}

const isCall = (value: unknown): value is FunctionCall => value instanceof Object && 'args' in value;

const asText = (value: unknown): string | null =>
  value == null ? null : Array.isArray(value) ? arrayLiteral(value) : String(value);

/** The row of a call; or, in an array, what PostgreSQL refused it with; null: no row. */
type TriedCall<Row> = Row | readonly [Refusal] | null;

export interface Refusal {
  code: string;
  message: string;
  detail: string | null;
  constraint: string | null;
  table: string | null;
}

/** A call as a statement that succeeds even where the function refuses. Its columns are those of the driver: see `CALLS`. */
export function triedCall<Row>(call: FunctionCall<Row>): Statement<{ answer: TriedCall<Row> }> {
  const values: (string | null)[] = [];
  const text = `select row_to_json(whole) from (select ${CALLS[call.name].columns} from ${callText(call, values)}) whole`;
  return statement(sql`select try_call(${text}, ${arrayLiteral(values)}) as answer`);
}
