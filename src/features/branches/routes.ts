import * as z from 'zod';
import { Page } from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { feature, publicRoute } from '../../http/route.ts';
import { BOOKING_DAYS } from './booking.ts';
import { deliverySlots, deliverySource, listBranches } from './queries.ts';
import * as schemas from './schemas.ts';

const CACHE_SECONDS = 60;

export const branches = feature('', 'Branches', [
  publicRoute(
    {
      method: 'get',
      path: '/branches',
      summary: 'Active branches, the one that ships deliveries first, then by name',
      query: Page.extend(InLanguage.shape),
      returns: schemas.Branch,
      paged: true,
      cacheSeconds: CACHE_SECONDS,
      translated: true,
      dependsOn: ['branches'],
    },
    (call, { query }) => listBranches(call, query),
  ),
  publicRoute(
    {
      method: 'get',
      path: '/branches/delivery-source',
      summary: 'The branch that ships deliveries',
      query: InLanguage,
      returns: schemas.DeliverySource,
      errors: ['NOT_FOUND'],
      cacheSeconds: CACHE_SECONDS,
      translated: true,
      dependsOn: ['branches'],
    },
    deliverySource,
  ),
  publicRoute(
    {
      method: 'get',
      path: '/delivery-slots',
      summary: 'Delivery slots with their free places',
      description:
        'Weekly slots by `next_date`, the next date on which the slot has not started yet and is not closed, then by time of day. ' +
        '`remaining` counts places on `date`, else on `next_date`; it is null when the capacity is unlimited, and 0 with a ' +
        '`closed_reason`: CUT_OFF after `closes_at`, CLOSED on a holiday, outside the service hours or more than ' +
        `${BOOKING_DAYS} days ahead, the limit for bookings, FULL without a free place. \`capacity\` and \`remaining\` follow the ` +
        'exceptions of the date. With `date`, only slots on that weekday are returned; with `days`, one entry for each date of ' +
        'each slot, whose `next_date` is that date. A `postal_code` outside all zones is delivered by the delivery source, or ' +
        'refused where the setting `require_zone` is on.',
      query: schemas.SlotQuery,
      returns: z.array(schemas.DeliverySlot),
      errors: ['OUT_OF_AREA'],
    },
    (call, { query }) => deliverySlots(call, query),
  ),
]);
