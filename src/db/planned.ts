import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { type Statement, statement, textArray } from './statement.ts';

const dialect = new PgDialect();

/**
 * A query of one row whose plan PostgreSQL keeps, for reads that are sent often. The row is read as JSON. The text should have few
 * forms, and its plan must not depend on the values: what is rare is better planned for its values each time.
 */
export const planned = <Row>(query: SQL): Statement<{ answer: Row | null }> =>
  statement(sql`select ${plannedRow(query)} as answer`);

/** The same as a part of a statement. It reads what is committed by then, which may be a moment later than the rest. */
export function plannedRow(query: SQL): SQL {
  const { sql: text, params } = dialect.sqlToQuery(sql`select row_to_json(answer) from (${query}) answer`);
  return sql`read_planned(${text}, ${textArray(params.map((value) => (value == null ? null : String(value))))})`;
}
