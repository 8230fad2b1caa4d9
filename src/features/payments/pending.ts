import { sql } from 'drizzle-orm';
import type { Job } from '../../background.ts';
import { publicCacheOf } from '../../http/cache/public-cache.ts';
import { findAndSettle } from './settle.ts';
import { workThroughPayments } from './work-through.ts';

const NAME = 'settle_payments';

// By then the customer's own request has given up. Claimed for a minute; the longest unasked come first, so that
// a few that nobody can tell anything of do not keep the others waiting.
const DUE = sql.raw(`status = 'PENDING' and created_at < now() - interval '2 minutes'
  and (checked_at is null or checked_at < now() - interval '1 minute')`);

const BECAME = { CAPTURED: 'captured', DECLINED: 'declined', PENDING: 'unknown', UNKNOWN: 'unknown' } as const;

/** Finds out what became of the charges whose answer never came, and finishes or undoes their orders. */
export const settlePayments: Job = {
  name: NAME,
  async run(services, allowance) {
    const counts = await workThroughPayments(services, allowance, {
      job: NAME,
      due: DUE,
      // Asking the provider, and recording what it says.
      subrequestsEach: 2,
      counts: { captured: 0, declined: 0, unknown: 0, failed: 0 },
      one: async (payment) => BECAME[await findAndSettle(services, payment)],
    });
    // Declined orders have returned their stock.
    if (counts.declined > 0) publicCacheOf(services.config).invalidate(['products'], undefined);
    return counts;
  },
};
