import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { batchColumns, SEES_BATCH } from './batch-rows.ts';
import type { BatchesQuery, BatchRow } from './schemas.ts';

export async function batches(call: SignedInCall, { status, limit, offset }: z.output<typeof BatchesQuery>) {
  const where = sql`${SEES_BATCH} and ${status ? sql`b.status = ${status}` : sql`true`}`;
  const [items, [count]] = await call.batch([
    statement<BatchRow>(sql`
      select ${batchColumns(call.language)} from batches b where ${where} order by b.id desc limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from batches b where ${where}`),
  ]);
  return { items, total: count?.total ?? 0 };
}

export async function findBatch(call: SignedInCall, batchId: number): Promise<BatchRow> {
  const [[batch]] = await call.batch([
    statement<BatchRow>(
      sql`select ${batchColumns(call.language)} from batches b where b.id = ${batchId} and ${SEES_BATCH}`,
    ),
  ]);
  if (!batch) throw new AppError('NOT_FOUND', 'There is no such batch.');
  return batch;
}
