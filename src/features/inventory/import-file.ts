import { type CsvRow, readCsv } from '../../csv.ts';
import { type Problem, validationError } from '../../errors.ts';
import { MAX_IMPORT_ROWS, MAX_ON_HAND } from './limits.ts';

const MAX_ID = 2_147_483_647;
const PRINTABLE = /^[^\p{Cc}\p{Cs}]{1,100}$/u;
const COLUMNS = ['product_id', 'sku', 'branch_id', 'available_quantity', 'reorder_point'] as const;
type Column = (typeof COLUMNS)[number];

/** A well-formed row; the database decides whether it can be applied. */
interface ImportRow {
  row_number: number;
  product_id: number | null;
  sku: string | null;
  branch_id: number;
  quantity: number;
  reorder_point: number | null;
}

export interface RowError {
  row_number: number;
  error: string;
}

export interface ImportFile {
  rows: ImportRow[];
  errors: RowError[];
  /** The cells of a row under the columns that mean something here, as they were sent. */
  cellsOf(rowNumber: number): Partial<Record<Column, string>>;
}

/**
 * Reads a CSV of stock counts: columns found by name in any order and case, others ignored. Nothing is known of a row that cannot
 * be read but what is wrong with it.
 * @throws AppError 400 for missing columns and unreadable files, 413 for too many rows
 */
export function readImportFile(text: string): ImportFile {
  const { names, rows } = readCsv(text, { columns: COLUMNS, maxRows: MAX_IMPORT_ROWS });
  const columnOf = findColumns(names);
  const file: Pick<ImportFile, 'rows' | 'errors'> = { rows: [], errors: [] };
  const cells = new Map<number, string[]>();
  for (const each of rows) {
    cells.set(each.row_number, each.cells);
    const row = readRow(each, columnOf);
    if (typeof row === 'string') file.errors.push({ row_number: each.row_number, error: row });
    else file.rows.push(row);
  }
  return {
    ...file,
    cellsOf: (rowNumber) =>
      Object.fromEntries([...columnOf].map(([column, index]) => [column, cells.get(rowNumber)?.[index] ?? ''])),
  };
}

type Columns = ReadonlyMap<Column, number>;

function findColumns(names: readonly string[]): Columns {
  const columns = new Map<Column, number>();
  const problems: Problem[] = [];
  names.forEach((name, index) => {
    const column = COLUMNS.find((each) => each === name);
    if (column === undefined) return;
    if (columns.has(column)) problems.push({ path: `file.${column}`, message: 'This column appears twice.' });
    columns.set(column, index);
  });
  for (const column of ['branch_id', 'available_quantity'] as const) {
    if (!columns.has(column)) problems.push({ path: `file.${column}`, message: 'This column is missing.' });
  }
  if (!columns.has('product_id') && !columns.has('sku')) {
    problems.push({
      path: 'file.product_id',
      message: 'This column is missing: name products by product_id or sku.',
    });
  }
  if (problems.length > 0) throw validationError(problems);
  return columns;
}

/** The row, or what is wrong with it. */
function readRow({ row_number, cells, isTooWide }: CsvRow, columnOf: Columns): ImportRow | string {
  if (isTooWide) return 'This row has more cells than the file has columns. Put cells that contain a comma in quotes.';
  const cell = (column: Column): string => (cells[columnOf.get(column) ?? -1] ?? '').trim();
  const productId = wholeNumber(cell('product_id'), 1, MAX_ID);
  const branchId = wholeNumber(cell('branch_id'), 1, MAX_ID);
  const quantity = wholeNumber(cell('available_quantity'), 0, MAX_ON_HAND);
  const reorderPoint = wholeNumber(cell('reorder_point'), 0, MAX_ON_HAND);
  const sku = cell('sku') || null;
  if (productId === undefined) return 'product_id is not the id of a product.';
  if (productId === null && sku === null) return 'Name the product by product_id or sku.';
  if (sku !== null && !PRINTABLE.test(sku)) return 'sku is not the SKU of a product.';
  if (branchId === undefined || branchId === null) return 'branch_id is not the id of a branch.';
  if (quantity === undefined || quantity === null)
    return `available_quantity must be a whole number, 0 to ${MAX_ON_HAND}.`;
  if (reorderPoint === undefined) return `reorder_point must be a whole number, 0 to ${MAX_ON_HAND}.`;
  return { row_number, product_id: productId, sku, branch_id: branchId, quantity, reorder_point: reorderPoint };
}

/** Null for an empty cell, undefined for anything but such a number. */
function wholeNumber(cell: string, min: number, max: number): number | null | undefined {
  if (cell === '') return null;
  const value = /^\d{1,10}$/.test(cell) ? Number(cell) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}
