import type { z } from 'zod';
import { reportOf as importReport, readOrRefuse } from '../../../csv-import.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { Reply } from '../../../http/route.ts';
import { type KeyedRequest, type KnownKey, storedAnswer } from '../../../idempotency/keys.ts';
import { sha256 } from '../../../sha256.ts';
import { readImportFile } from '../import-file.ts';
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
  const file = await readOrRefuse(call, () => readImportFile(text));
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

function reportOf(file: ReturnType<typeof readImportFile>, { created, refused }: Outcome): Report {
  const refusals = refused.map(([row_number, refusal, number]) => ({ row_number, error: REFUSALS[refusal](number) }));
  const made = new Set(created);
  return importReport(file, refusals, (row) => (made.has(row) ? ('created' as const) : ('updated' as const)));
}
