import { sql } from 'drizzle-orm';
import type { Job } from '../../background.ts';
import type { PaymentStatus } from '../../db/schema/words.ts';
import { publicCacheOf } from '../../http/cache/public-cache.ts';
import { findAndSettle } from './settle.ts';
import { workThroughPayments } from './work-through.ts';

const NAME = 'settle_payments';

// By then the customer's own request has given up. Claimed for a minute; the longest unasked come first, so that
// a few that nobody can tell anything of do not keep the others waiting.
const DUE = sql.raw(`status in ('PENDING', 'ACTION_REQUIRED')
  and (status = 'ACTION_REQUIRED' or created_at < now() - interval '2 minutes')
  and (checked_at is null or checked_at < now() - interval '1 minute')`);

const BECAME: Partial<Record<PaymentStatus, 'captured' | 'authorized' | 'declined' | 'waiting'>> = {
  CAPTURED: 'captured',
  AUTHORIZED: 'authorized',
  DECLINED: 'declined',
  ACTION_REQUIRED: 'waiting',
};

/** Finds out what became of the payments whose answer never came, or that wait for their customer, and finishes or undoes their orders. */
export const settlePayments: Job = {
  name: NAME,
  async run(services, allowance) {
    const counts = await workThroughPayments(services, allowance, {
      job: NAME,
      due: DUE,
      // Asking the provider, recording what it says, and a dispute.
      subrequestsEach: 3,
      counts: { captured: 0, authorized: 0, declined: 0, waiting: 0, unknown: 0, failed: 0 },
      one: async (payment) => {
        const settlement = await findAndSettle(services, payment);
        return (settlement && BECAME[settlement.status]) ?? 'unknown';
      },
    });
    // Declined orders have returned their stock.
    if (counts.declined > 0) publicCacheOf(services.config).invalidate(['products'], undefined);
    return counts;
  },
};
