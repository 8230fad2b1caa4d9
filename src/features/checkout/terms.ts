import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { BOOKING_DAYS } from '../branches/booking.ts';
import type { PreviewInput } from './schemas.ts';

/** The branch that fulfils: the customer's choice for pickup, the delivery source branch otherwise. */
function fulfillingBranch(config: Config, terms: PreviewInput): number {
  if (terms.fulfillment_type === 'DELIVERY') return config.deliverySourceBranchId;
  if (!terms.branch_id) throw new AppError('BRANCH_REQUIRED');
  return terms.branch_id;
}

/** Arguments that preview and confirm share; a pickup has neither slot nor date. */
export function commonTerms(config: Config, terms: PreviewInput) {
  const isDelivery = terms.fulfillment_type === 'DELIVERY';
  return {
    cart_id: terms.cart_id,
    fulfillment_type: terms.fulfillment_type,
    branch_id: fulfillingBranch(config, terms),
    slot_id: isDelivery ? terms.delivery_slot_id : undefined,
    date: isDelivery ? terms.delivery_date : undefined,
    address: isDelivery ? terms.address : undefined,
    address_id: isDelivery ? terms.address_id : undefined,
    postal_code: isDelivery ? terms.postal_code : undefined,
    booking_days: BOOKING_DAYS,
    time_zone: config.timeZone,
  };
}
