import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { taxRateFrom } from './queries.ts';
import type { NewTaxRate } from './schemas.ts';

/** @throws AppError 409 when a rate begins on that day, or receipts have been issued on it or later */
export async function addTaxRate(call: SignedInCall, { rate, first_day }: z.output<typeof NewTaxRate>) {
  const [, rows] = await call.batch([
    statement(sql`select add_tax_rate(${rate}, ${first_day})`),
    taxRateFrom(first_day),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}
