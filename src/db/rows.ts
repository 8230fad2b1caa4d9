import type { Statement } from './statement.ts';

/** The results of a batch: the rows of each of its statements, typed by position. */
export type RowsOf<S extends readonly Statement[]> = {
  -readonly [K in keyof S]: S[K] extends Statement<infer Row> ? Row[] : never;
};

/**
 * Gives each result of a batch the row type that its statement declares. The one cast for all batches: no compiler can check
 * the type of a row against the text of its SQL.
 */
export const rowsOf = <S extends readonly Statement[]>(results: readonly { rows: unknown }[]): RowsOf<S> =>
  results.map(({ rows }) => rows) as RowsOf<S>;

/** The rows of the last statement, for batches whose number of statements varies. */
export function lastRows<Row>(results: readonly [...unknown[][], Row[]]): Row[] {
  // The tuple's type says what is last, but indexing from the end gives the union of all its elements.
  return results[results.length - 1] as Row[];
}

/** The one row of the last statement, which always returns one. */
export function lastRow<Row>(results: readonly [...unknown[][], Row[]]): Row {
  const [row] = lastRows(results);
  if (row === undefined) throw new Error('The last statement of a batch returned no row');
  return row;
}
