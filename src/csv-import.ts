import * as z from 'zod';
import { type CsvRow, readCsv } from './csv.ts';
import { type Problem, validationError } from './errors.ts';
import type { SignedInCall } from './http/context.ts';

export interface RowError {
  row_number: number;
  error: string;
}

interface NumberedRow {
  row_number: number;
}

export interface ImportFile<Row extends NumberedRow> {
  /** The well-formed ones; the database decides whether they can be applied. */
  rows: Row[];
  errors: RowError[];
  /** The cells of a row under the columns that mean something, as they were sent. */
  cellsOf(rowNumber: number): Record<string, string>;
}

interface Kind<Column extends string, Row extends NumberedRow> {
  /** Found by name in any order and case; others are ignored. */
  columns: readonly Column[];
  required: readonly Column[];
  maxRows: number;
  maxCell?: number;
  /** What else is wrong with the columns that a file has. */
  check?: (columns: ReadonlySet<Column>) => Problem[];
  /** The row, or what is wrong with it. `cell` answers the trimmed text under a column, undefined when the file does not have it. */
  readRow: (rowNumber: number, cell: (column: Column) => string | undefined) => Row | string;
}

/**
 * Reads a CSV file to be imported. Nothing is known of a row that cannot be read but what is wrong with it.
 * @throws AppError 400 for missing columns and unreadable files, 413 for too many rows
 */
export function readImport<Column extends string, Row extends NumberedRow>(
  text: string,
  kind: Kind<Column, Row>,
): ImportFile<Row> {
  const { names, rows } = readCsv(text, kind);
  const columnOf = findColumns(names, kind);
  const file: Pick<ImportFile<Row>, 'rows' | 'errors'> = { rows: [], errors: [] };
  const cells = new Map<number, string[]>();
  for (const each of rows) {
    cells.set(each.row_number, each.cells);
    const row = readRow(each, columnOf, kind);
    if (typeof row === 'string') file.errors.push({ row_number: each.row_number, error: row });
    else file.rows.push(row);
  }
  return {
    ...file,
    cellsOf: (rowNumber) =>
      Object.fromEntries([...columnOf].map(([column, index]) => [column, cells.get(rowNumber)?.[index] ?? ''])),
  };
}

function findColumns<Column extends string>(
  names: readonly string[],
  { columns: known, required, check }: Pick<Kind<Column, never>, 'columns' | 'required' | 'check'>,
): ReadonlyMap<Column, number> {
  const columns = new Map<Column, number>();
  const problems: Problem[] = [];
  names.forEach((name, index) => {
    const column = known.find((each) => each === name);
    if (column === undefined) return;
    if (columns.has(column)) problems.push({ path: `file.${column}`, message: 'This column appears twice.' });
    columns.set(column, index);
  });
  for (const column of required) {
    if (!columns.has(column)) problems.push({ path: `file.${column}`, message: 'This column is missing.' });
  }
  problems.push(...(check?.(new Set(columns.keys())) ?? []));
  if (problems.length > 0) throw validationError(problems);
  return columns;
}

function readRow<Column extends string, Row extends NumberedRow>(
  { row_number, cells, isTooWide }: CsvRow,
  columnOf: ReadonlyMap<Column, number>,
  kind: Kind<Column, Row>,
): Row | string {
  if (isTooWide) return 'This row has more cells than the file has columns. Put cells that contain a comma in quotes.';
  return kind.readRow(row_number, (column) => {
    const index = columnOf.get(column);
    return index === undefined ? undefined : (cells[index] ?? '').trim();
  });
}

/** Before a caller learns what is wrong with the file, the session must be found alive. */
export async function readOrRefuse<File>(call: SignedInCall, read: () => File): Promise<File> {
  try {
    return read();
  } catch (error) {
    await call.batch([]);
    throw error;
  }
}

/** Shape of the report on a file. */
export const importAnswer = <const Action extends string>(actions: readonly Action[]) =>
  z.object({
    total: z.int(),
    success: z.int(),
    errors: z.int(),
    error_details: z.array(
      z.object({
        row_number: z.int().meta({ description: 'Row number as in a spreadsheet: the header is row 1.' }),
        error: z.string(),
        row: z
          .record(z.string(), z.string())
          .meta({ description: 'The cells of the known columns, as they were sent.' }),
      }),
    ),
    results: z
      .array(z.object({ row_number: z.int(), status: z.literal('success'), action: z.enum(actions) }))
      .meta({ description: 'The rows that were applied.' }),
  });

/** What became of each row of a file: `refusals` are those of the database. */
export function reportOf<Row extends NumberedRow, Action extends string>(
  file: ImportFile<Row>,
  refusals: RowError[],
  actionOf: (rowNumber: number) => Action,
) {
  const errors = [...file.errors, ...refusals].sort((a, b) => a.row_number - b.row_number);
  const bad = new Set(refusals.map(({ row_number }) => row_number));
  const results = file.rows
    .filter(({ row_number }) => !bad.has(row_number))
    .map(({ row_number }) => ({ row_number, status: 'success' as const, action: actionOf(row_number) }));
  return {
    total: results.length + errors.length,
    success: results.length,
    errors: errors.length,
    error_details: errors.map((each) => ({ ...each, row: file.cellsOf(each.row_number) })),
    results,
  };
}
