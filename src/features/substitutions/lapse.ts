import { sql } from 'drizzle-orm';
import { type Job, systemBatch } from '../../background.ts';
import { statement } from '../../db/statement.ts';

const AT_ONCE = 50;

/** Writes down lapsed proposals. Their stock is free and they cannot be answered since their deadline, so this is not urgent. */
export const lapseProposals: Job = {
  name: 'lapse_proposals',
  async run(services, allowance) {
    let orders = 0;
    for (let found = AT_ONCE; found === AT_ONCE && allowance.take(1); orders += found) {
      const [[row]] = await systemBatch(services)([
        statement<{ orders: number }>(sql`select settle_due_proposals(${AT_ONCE}) as orders`),
      ]);
      found = row?.orders ?? 0;
    }
    return { orders };
  },
};
