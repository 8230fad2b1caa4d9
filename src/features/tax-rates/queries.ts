import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { Page } from '../../http/fields.ts';
import type { TaxRate } from './schemas.ts';

export type TaxRateRow = z.input<typeof TaxRate>;

const RATES = sql`(
  select id, rate, first_day, lead(first_day) over (order by first_day) - 1 as last_day, created_at from tax_rates
) rates`;

export const taxRateFrom = (firstDay: string): Statement<TaxRateRow> =>
  statement(sql`select * from ${RATES} where first_day = ${firstDay}::date`);

export async function listTaxRates(call: SignedInCall, { limit, offset }: z.output<typeof Page>) {
  const [items, [count]] = await call.batch([
    statement<TaxRateRow>(sql`select * from ${RATES} order by first_day desc limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from tax_rates`),
  ]);
  return { items, total: count?.total ?? 0 };
}
