import { sql } from 'drizzle-orm';
import { deleteInBatches, type Job } from '../background.ts';

const HAS_LAPSED = sql`expires_at <= now()`;

/** Deletes expired holds. They no longer count, so this is not urgent. */
export const releaseHolds: Job = {
  name: 'release_holds',
  run: async (services, allowance) => ({
    hold_lines: await deleteInBatches(services, allowance, {
      table: 'hold_lines',
      key: 'inventory_id, cart_id',
      where: HAS_LAPSED,
    }),
    slot_holds: await deleteInBatches(services, allowance, { table: 'slot_holds', key: 'cart_id', where: HAS_LAPSED }),
  }),
};
