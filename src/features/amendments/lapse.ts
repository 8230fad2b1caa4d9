import { sql } from 'drizzle-orm';
import { type Job, systemBatch } from '../../background.ts';
import { statement } from '../../db/statement.ts';

const AT_ONCE = 100;

/** Writes down lapsed changes of orders. They hold nothing and cannot be confirmed since their deadline, so this is not urgent. */
export const lapseAmendments: Job = {
  name: 'lapse_amendments',
  async run(services, allowance) {
    let lapsed = 0;
    for (let found = AT_ONCE; found === AT_ONCE && allowance.take(1); lapsed += found) {
      const [[row]] = await systemBatch(services)([
        statement<{ lapsed: number }>(sql`select lapse_amendments(${AT_ONCE}) as lapsed`),
      ]);
      found = row?.lapsed ?? 0;
    }
    return { lapsed };
  },
};
