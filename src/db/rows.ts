import type { Statement } from './statement.ts';

/** The results of a batch: the rows of each statement, typed by position. */
export type RowsOf<S extends readonly Statement[]> = {
  -readonly [K in keyof S]: S[K] extends Statement<infer Row> ? Row[] : never;
};

/**
 * Types each result of a batch by its statement. The only cast for batches: the compiler cannot check a row type against the
 * text of a query.
 */
export const rowsOf = <S extends readonly Statement[]>(results: readonly { rows: unknown }[]): RowsOf<S> =>
  results.map(({ rows }) => rows) as RowsOf<S>;

/** The rows of the last statement, for batches with a variable number of statements. */
export function lastRows<Row>(results: readonly [...unknown[][], Row[]]): Row[] {
  // The tuple type knows its last element, but indexing from the end yields the union of all elements.
  return results[results.length - 1] as Row[];
}

/** The single row of the last statement, which always returns one. */
export function lastRow<Row>(results: readonly [...unknown[][], Row[]]): Row {
  const [row] = lastRows(results);
  if (row === undefined) throw new Error('The last statement of a batch returned no row');
  return row;
}

/** The rows of the last two statements, for batches with a variable number of statements. */
export function lastTwo<A, B>(results: readonly [...unknown[][], A[], B[]]): [A[], B[]] {
  return [results[results.length - 2] as A[], results[results.length - 1] as B[]];
}
