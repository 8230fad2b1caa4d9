import { type ImportFile, readImport } from '../../csv-import.ts';
import { MAX_IMPORT_ROWS, MAX_ON_HAND } from './limits.ts';

const MAX_ID = 2_147_483_647;
const PRINTABLE = /^[^\p{Cc}\p{Cs}]{1,100}$/u;
const COLUMNS = ['product_id', 'sku', 'branch_id', 'available_quantity', 'reorder_point'] as const;
type Column = (typeof COLUMNS)[number];

interface ImportRow {
  row_number: number;
  product_id: number | null;
  sku: string | null;
  branch_id: number;
  quantity: number;
  reorder_point: number | null;
}

/** Reads a CSV of stock counts. @throws AppError 400 for missing columns and unreadable files, 413 for too many rows */
export const readImportFile = (text: string): ImportFile<ImportRow> =>
  readImport<Column, ImportRow>(text, {
    columns: COLUMNS,
    required: ['branch_id', 'available_quantity'],
    maxRows: MAX_IMPORT_ROWS,
    check: (columns) =>
      columns.has('product_id') || columns.has('sku')
        ? []
        : [{ path: 'file.product_id', message: 'This column is missing: name products by product_id or sku.' }],
    readRow,
  });

/** The row, or what is wrong with it. */
function readRow(row_number: number, cellOf: (column: Column) => string | undefined): ImportRow | string {
  const cell = (column: Column): string => cellOf(column) ?? '';
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
