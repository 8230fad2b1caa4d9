import { sql } from 'drizzle-orm';
import { setAuditAction, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { type ImportFile, type RowError, readImportFile } from '../import-file.ts';

interface Outcome {
  row_number: number;
  action: 'created' | 'updated';
  refusal: keyof typeof REFUSALS | null;
  number: number;
}

const REFUSALS = {
  PRODUCT_NOT_FOUND: () => 'There is no such product.',
  PRODUCT_CONTRADICTION: () => 'product_id and sku name different products.',
  BRANCH_NOT_FOUND: () => 'There is no such branch.',
  DUPLICATE_ROW: (firstRow: number) => `Row ${firstRow} is for the same product and branch already.`,
  STOCK_HELD: (held: number) => `Customers in checkout hold ${held} of this stock.`,
} as const;

/** Sets stock from a CSV file: good rows land, bad rows are reported. @throws AppError 400, 413 */
export async function importInventory(call: SignedInCall, text: string) {
  const file = await readOrRefuse(call, text);
  const [, outcomes] = await call.batch([
    setAuditAction('inventory', 'BULK_IMPORT'),
    statement<Outcome>(sql`
      select row_number, action, refusal, number from import_inventory(${JSON.stringify(file.rows)}::jsonb)`),
  ]);
  const refused = outcomes.flatMap(({ row_number, refusal, number }): RowError[] =>
    refusal ? [{ row_number, error: REFUSALS[refusal](number) }] : [],
  );
  const errors = [...file.errors, ...refused].sort((a, b) => a.row_number - b.row_number);
  const results = outcomes
    .filter(({ refusal }) => refusal === null)
    .map(({ row_number, action }) => ({ row_number, status: 'success' as const, action }));
  return {
    total: results.length + errors.length,
    success: results.length,
    errors: errors.length,
    error_details: errors.map((each) => ({ ...each, row: file.cellsOf(each.row_number) })),
    results,
  };
}

/** Before a caller learns what is wrong with the file, the session must be found alive. */
async function readOrRefuse(call: SignedInCall, text: string): Promise<ImportFile> {
  try {
    return readImportFile(text);
  } catch (error) {
    await call.batch([]);
    throw error;
  }
}
