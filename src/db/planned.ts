import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { type Statement, statement, textArray } from './statement.ts';

const dialect = new PgDialect();

/**
 * A query of one row whose plan PostgreSQL keeps, for reads that are sent often. The row is read as JSON. The text should have few
 * forms, and its plan must not depend on the values: what is rare is better planned for its values each time.
 */
export function planned<Row>(query: SQL): Statement<{ answer: Row | null }> {
  const { sql: text, params } = dialect.sqlToQuery(sql`select row_to_json(answer) from (${query}) answer`);
  const values = textArray(params.map((value) => (value == null ? null : String(value))));
  return statement(sql`select read_planned(${text}, ${values}) as answer`);
}
