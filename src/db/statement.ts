import { type SQL, sql } from 'drizzle-orm';
import type { ErrorCode } from '../errors.ts';

/** One SQL statement of a batch and the type of the rows it answers with. */
export interface Statement<Row = unknown> {
  readonly sql: SQL;
  /** Never set: carries the row's type. */
  readonly row?: Row;
}

export const statement = <Row = unknown>(query: SQL): Statement<Row> => ({ sql: query });

/** Refuses the whole batch with an error code (and details, a jsonb expression) unless the condition is true. */
export const guard = (condition: SQL, code: ErrorCode, details: SQL = sql`'{}'::jsonb`): Statement =>
  statement(sql`select guard(${condition}, ${code}, ${details})`);

/** Names the deed of this batch for one entity's audit rows, instead of CREATE, UPDATE or DELETE. */
export const nameDeed = (entity: string, action: string): Statement =>
  statement(sql`select name_deed(${entity}, ${action})`);

export const textArray = (values: readonly string[]): SQL =>
  sql`${`{${values.map((value) => `"${value.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`}::text[]`;

export const intArray = (values: readonly number[]): SQL => sql`${`{${values.join(',')}}`}::integer[]`;
