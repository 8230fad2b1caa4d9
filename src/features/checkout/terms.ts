import { type SQL, sql } from 'drizzle-orm';
import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { BOOKING_DAYS } from '../branches/booking.ts';
import type { PreviewInput } from './schemas.ts';

/** The branch that fulfils: the customer's choice for pickup, the delivery source branch otherwise. */
export function fulfillingBranch(config: Config, terms: PreviewInput): number {
  if (terms.fulfillment_type === 'DELIVERY') return config.deliverySourceBranchId;
  if (!terms.branch_id) throw new AppError('BRANCH_REQUIRED');
  return terms.branch_id;
}

/** What the database needs to know of slot and date; a pickup has neither. */
export function slotTerms(config: Config, terms: PreviewInput): SQL {
  const isDelivery = terms.fulfillment_type === 'DELIVERY';
  const slotId = isDelivery ? terms.delivery_slot_id : undefined;
  const date = isDelivery ? terms.delivery_date : undefined;
  return sql`p_slot_id => ${slotId ?? null}, p_date => ${date ?? null}, p_booking_days => ${BOOKING_DAYS},
    p_time_zone => ${config.timeZone}`;
}
