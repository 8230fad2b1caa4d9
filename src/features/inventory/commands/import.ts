import type { z } from 'zod';
import type { SignedInCall } from '../../../http/context.ts';
import { Reply } from '../../../http/route.ts';
import { type KeyedRequest, type KnownKey, storedAnswer } from '../../../idempotency/keys.ts';
import { sha256 } from '../../../sha256.ts';
import { type ImportFile, type RowError, readImportFile } from '../import-file.ts';
import type { ImportAnswer } from '../schemas.ts';

const REFUSALS = {
  PRODUCT_NOT_FOUND: () => 'There is no such product.',
  PRODUCT_CONTRADICTION: () => 'product_id and sku name different products.',
  BRANCH_NOT_FOUND: () => 'There is no such branch.',
  DUPLICATE_ROW: (firstRow: number) => `Row ${firstRow} is for the same product and branch already.`,
  STOCK_HELD: (held: number) => `Customers in checkout hold ${held} of this stock.`,
} as const;

/** The result for each row; together with the file it makes the report. */
interface Outcome {
  /** Rows that made an inventory row. */
  created: number[];
  refused: [rowNumber: number, refusal: keyof typeof REFUSALS, number: number][];
}

type Report = z.input<typeof ImportAnswer>;

/**
 * Sets stock from a CSV file: good rows land, bad rows are reported. With a key, a repeat of the file answers the same report
 * and changes nothing: what became of its rows was kept when they landed.
 * @throws AppError 400, 413, 409 for a key that another file has, or whose first request is at work
 */
export async function importInventory(call: SignedInCall, text: string, key?: string): Promise<Reply<Report>> {
  const file = await readOrRefuse(call, text);
  const request: KeyedRequest | undefined = key ? { key, fingerprint: await sha256(text) } : undefined;
  const { known, outcome } = await call.run<
    'import_inventory',
    { known: KnownKey<Outcome> | null; outcome: Outcome | null }
  >('import_inventory', { rows: JSON.stringify(file.rows), ...request });
  const stored = known && request && storedAnswer(known, request);
  const landed = stored ? stored.body : outcome;
  if (!landed) throw new Error('an import without an outcome');
  return new Reply(reportOf(file, landed), { status: 202, ...(stored && { headers: stored.headers }) });
}

function reportOf(file: ImportFile, { created, refused }: Outcome): Report {
  const refusals = refused.map(
    ([row_number, refusal, number]): RowError => ({ row_number, error: REFUSALS[refusal](number) }),
  );
  const errors = [...file.errors, ...refusals].sort((a, b) => a.row_number - b.row_number);
  const bad = new Set(refusals.map(({ row_number }) => row_number));
  const made = new Set(created);
  const results = file.rows
    .filter(({ row_number }) => !bad.has(row_number))
    .map(({ row_number }) => ({
      row_number,
      status: 'success' as const,
      action: made.has(row_number) ? ('created' as const) : ('updated' as const),
    }));
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
