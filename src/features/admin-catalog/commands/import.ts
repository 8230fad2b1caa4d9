import type { z } from 'zod';
import { type ImportFile, readImport, readOrRefuse, reportOf } from '../../../csv-import.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { PRODUCT_COLUMNS, REQUIRED_COLUMNS, readProduct } from '../product-columns.ts';
import type { ProductImport } from '../schemas.ts';

const MAX_ROWS = 10_000;
/** Rows of one transaction: one to two seconds of work, far below the time that a statement has, and its locks last no longer. */
const PORTION = 2_500;
/** More than any field takes, so that a text that is too long is named with its row. */
const MAX_CELL = 20_000;

const REFUSALS = {
  CATEGORY_NOT_FOUND: () => 'category_id: there is no such category.',
  INVALID_WEIGHT: () => 'sold_by: WEIGHT needs price_per_kg and nominal_grams, and the price that they make.',
  PRICES_DISAGREE: () =>
    'price: price_per_kg and nominal_grams make another one. Change both, or leave out the column price_per_kg to have it computed.',
  DUPLICATE_ROW: (row: number) => `sku: row ${row} is for the same product already.`,
  BARCODE_TAKEN: (product: number) => `barcode: product ${product} has it.`,
  DUPLICATE_BARCODE: (row: number) => `barcode: row ${row} has it already.`,
  MADE_MEANWHILE: () => 'Somebody else made a product with this SKU or bar code meanwhile. Import the row again.',
} as const;

interface Outcome {
  created: number[];
  unchanged: number[];
  refused: [rowNumber: number, refusal: keyof typeof REFUSALS, number: number][];
}

interface ProductRow {
  row_number: number;
  fields: Record<string, unknown>;
}

const readFile = (text: string): ImportFile<ProductRow> =>
  readImport<string, ProductRow>(text, {
    columns: PRODUCT_COLUMNS,
    required: REQUIRED_COLUMNS,
    maxRows: MAX_ROWS,
    maxCell: MAX_CELL,
    check: (columns) =>
      columns.has('net_content_amount') === columns.has('net_content_unit')
        ? []
        : [{ path: 'file.net_content_unit', message: 'net_content_amount and net_content_unit go together.' }],
    readRow: (row_number, cell) => {
      const fields = readProduct(cell);
      return typeof fields === 'string' ? fields : { row_number, fields };
    },
  });

/** Of rows for one product or bar code the first lands, so they stand in one portion. */
function portionsOf(rows: ProductRow[]): ProductRow[][] {
  const meanings = ({ fields: { sku, barcode } }: ProductRow): string[] => [
    `sku ${String(sku).toUpperCase()}`,
    ...(barcode ? [`code ${String(barcode).padStart(14, '0')}`] : []),
  ];
  const count = new Map<string, number>();
  for (const meaning of rows.flatMap(meanings)) count.set(meaning, (count.get(meaning) ?? 0) + 1);
  const isShared = (row: ProductRow): boolean => meanings(row).some((meaning) => (count.get(meaning) ?? 0) > 1);
  const shared = rows.filter(isShared);
  const ordered = [...shared, ...rows.filter((row) => !isShared(row))];
  const portions = [ordered.splice(0, Math.max(shared.length, PORTION))];
  while (ordered.length > 0) portions.push(ordered.splice(0, PORTION));
  return portions;
}

/**
 * Makes and changes products by SKU from a CSV file: good rows land, bad rows are reported. A dry run changes nothing and reports what
 * the import would. @throws AppError 400, 413; then the portions before have landed, and a repeat of the file finds them unchanged
 */
export async function importProducts(call: SignedInCall, text: string, isDryRun: boolean) {
  const file = await readOrRefuse(call, () => readFile(text));
  const outcome: Outcome = { created: [], unchanged: [], refused: [] };
  for (const portion of isDryRun ? [file.rows] : portionsOf(file.rows)) {
    const part = await call.run<'import_products', { outcome: Outcome }>('import_products', {
      rows: JSON.stringify(portion),
      is_dry_run: isDryRun,
    });
    for (const kind of ['created', 'unchanged', 'refused'] as const)
      outcome[kind].push(...(part.outcome[kind] as never[]));
    // A refusal of the next portion takes nothing back.
    call.productsChanged([]);
  }
  if (isDryRun) call.nothingChanged();
  const refusals = outcome.refused.map(([row_number, refusal, number]) => ({
    row_number,
    error: REFUSALS[refusal](number),
  }));
  const created = new Set(outcome.created);
  const unchanged = new Set(outcome.unchanged);
  const actionOf = (row: number): z.input<typeof ProductImport>['results'][number]['action'] =>
    created.has(row) ? 'created' : unchanged.has(row) ? 'unchanged' : 'updated';
  return { dry_run: isDryRun, ...reportOf(file, refusals, actionOf) };
}
