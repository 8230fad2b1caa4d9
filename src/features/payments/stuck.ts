import { sql } from 'drizzle-orm';

/**
 * Condition on `payments` and on `payment_attempts`: without an outcome for 15 minutes. What waits for its customer is declined once its
 * time is over, unless the provider does not answer.
 */
export const IS_STUCK = sql`status in ('PENDING', 'ACTION_REQUIRED')
  and case status when 'PENDING' then created_at else action_expires_at end < now() - interval '15 minutes'`;
