import { type SQL, sql } from 'drizzle-orm';
import { FINISHED_LIST } from '../orders/order-rows.ts';

export const URGENCIES = ['critical', 'dueSoon', 'onTrack', 'scheduled'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Finished orders sort after all open ones; their due time no longer matters. */
const FINISHED_RANK = URGENCIES.length;

export const urgencyOf = (rank: number): Urgency => URGENCIES[rank] ?? 'scheduled';

/**
 * The urgency rank of `orders o`, 0 = most urgent. Among open orders the rank never decreases with the due time, so sorting by
 * due time (which an index serves) also sorts by urgency.
 */
export const urgencyRank = (timeZone: string): SQL => sql`
  case
    when o.status in (${FINISHED_LIST}) then ${sql.raw(String(FINISHED_RANK))}
    when o.window_start <= now() + interval '1 hour' then 0
    when o.window_start <= now() + interval '4 hours' then 1
    when o.window_start < ((now() at time zone ${timeZone})::date + 1)::timestamp at time zone ${timeZone} then 2
    else 3
  end`;
