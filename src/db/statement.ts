import { type SQL, sql } from 'drizzle-orm';
import type { ErrorCode } from '../errors.ts';

/** An SQL statement of a batch, with the type of the rows it returns. */
export interface Statement<Row = unknown> {
  readonly sql: SQL;
  /** Never set; carries the row type. */
  readonly row?: Row;
}

export const statement = <Row = unknown>(query: SQL): Statement<Row> => ({ sql: query });

/** Rolls the batch back with an error code (and details, a jsonb expression) unless the condition is true. */
export const guard = (condition: SQL, code: ErrorCode, details: SQL = sql`'{}'::jsonb`): Statement =>
  statement(sql`select guard(${condition}, ${code}, ${details})`);

/** Sets the action of one entity's audit rows in this batch, instead of CREATE, UPDATE or DELETE. */
export const setAuditAction = (entity: string, action: string): Statement =>
  statement(sql`select set_audit_action(${entity}, ${action})`);

/** Words of a fixed list as SQL literals, for conditions that must match a partial index (parameters would not). */
export const wordList = (words: readonly string[]): SQL => sql.raw(words.map((word) => `'${word}'`).join(', '));

export const arrayLiteral = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? 'null' : `"${value.replace(/[\\"]/g, '\\$&')}"`)).join(',')}}`;

export const textArray = (values: readonly (string | null)[]): SQL => sql`${arrayLiteral(values)}::text[]`;

export const intArray = (values: readonly number[]): SQL => sql`${`{${values.join(',')}}`}::integer[]`;
