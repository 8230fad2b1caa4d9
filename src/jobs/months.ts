import { sql } from 'drizzle-orm';
import { type Job, systemBatch } from '../background.ts';
import { statement } from '../db/statement.ts';

/** Makes the partitions of the coming months and drops expired ones; the Worker's role may do neither by itself. */
export const keepMonths: Job = {
  name: 'keep_months',
  run: async (services, allowance) => {
    const counts = { made: 0, dropped: 0 };
    const batch = systemBatch(services);
    if (!allowance.take(1)) return counts;
    const [tables] = await batch([statement<{ name: string }>(sql`select name from monthly_tables()`)]);
    for (const { name } of tables) {
      if (!allowance.take(1)) break;
      // A transaction for each table, so that no lock is kept while the next one is waited for.
      const [[months]] = await batch([
        statement<{ made: number; dropped: number }>(sql`select * from keep_months(${name})`),
      ]);
      counts.made += months?.made ?? 0;
      counts.dropped += months?.dropped ?? 0;
    }
    return counts;
  },
};
