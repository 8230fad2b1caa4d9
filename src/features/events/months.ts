import { sql } from 'drizzle-orm';
import { type Job, systemBatch } from '../../background.ts';
import { statement } from '../../db/statement.ts';
import { EVENT_MONTHS } from './retention.ts';

/** Makes the partitions of the coming months and drops old ones; the Worker's role may do neither by itself. */
export const keepEventMonths: Job = {
  name: 'keep_event_months',
  run: async (services, allowance) => {
    if (!allowance.take(1)) return {};
    const [[months]] = await systemBatch(services)([
      statement<{ made: number; dropped: number }>(sql`select * from keep_event_months(${EVENT_MONTHS})`),
    ]);
    return { ...months };
  },
};
