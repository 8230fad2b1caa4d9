import { sql } from 'drizzle-orm';
import { type Job, systemBatch } from '../../background.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { beginSystem } from '../../http/context.ts';

/**
 * Condition of a query that reads prices: true, unless a scheduled price is due and not applied yet. Then the transaction ends, and
 * `Database` applies the price and repeats it.
 */
export const pricesAreCurrent = sql`prices_are_current()`;

/** The same as a statement of a batch. */
export const checkPrices: Statement = statement(sql`select ${pricesAreCurrent}`);

/** Milliseconds until the next scheduled price begins or ends, null if none does; also checks that prices are current. */
export const untilPriceChange = sql`until_price_change()`;
export interface PriceTime {
  until_price_change: number | null;
}

/** Scheduled prices that one transaction applies: about half a second of work. */
const PORTION = 2_000;

/** Applies a portion of the scheduled prices that are due. */
export const applyDuePrices: Statement<{ applied: number }> = statement(
  sql`select apply_due_prices(${PORTION}) as applied`,
);

/** The transaction that `Database` runs before it repeats one that found a price due. */
export const catchUpPrices: readonly Statement[] = [beginSystem('scheduled-prices'), applyDuePrices];

/** Applies what no request has asked for: a price takes effect in figures and exports as well. */
export const applyPrices: Job = {
  name: 'apply_prices',
  run: async (services, allowance) => {
    const counts = { applied: 0 };
    while (allowance.take(1)) {
      const [[done]] = await systemBatch(services)([applyDuePrices]);
      counts.applied += done?.applied ?? 0;
      if ((done?.applied ?? 0) < PORTION) break;
    }
    return counts;
  },
};
