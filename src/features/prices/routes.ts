import { IdParams } from '../../http/fields.ts';
import { feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { Success } from '../auth/schemas.ts';
import { changeScheduledPrice, endScheduledPrice, schedulePrice } from './commands.ts';
import { listScheduledPrices } from './queries.ts';
import * as schemas from './schemas.ts';

export const prices = feature('/admin', 'Admin: prices', [
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '/prices',
      scopes: ['catalog:read'],
      summary: 'Scheduled prices, the latest start first',
      query: schemas.ScheduledPriceFilters,
      paged: true,
      returns: schemas.ScheduledPrice,
    },
    (call, { query }) => listScheduledPrices(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/prices',
      scopes: ['catalog:write'],
      summary: 'Schedule a price',
      description:
        'At `starts_at` the product has this price and old price, everywhere at once: in lists, searches, carts and checkout. At `ends_at` it has ' +
        'those from before again, unless its price was changed by hand in between. A start in the past is now. A customer whose checkout ' +
        'holds stock at that moment pays what the preview showed while the hold lasts. Two scheduled prices of one product must not overlap; ' +
        '`details` names the one in the way. One without an end that has begun is simply the price of the product, and in the way of none.',
      body: schemas.NewScheduledPrice,
      changes: ['catalog'],
      returns: schemas.ScheduledPrice,
      status: 201,
      errors: ['PRODUCT_NOT_FOUND', 'PRICE_OVERLAP', 'INVALID_PERIOD'],
    },
    (call, { body }) => schedulePrice(call, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/prices/{id}',
      scopes: ['catalog:write'],
      summary: 'Change a scheduled price',
      description:
        'Any subset of the fields while it is `PENDING`; `ends_at` alone while it is `ACTIVE`, where null leaves the price for good.',
      params: IdParams,
      body: schemas.ScheduledPriceChange,
      changes: ['catalog'],
      returns: schemas.ScheduledPrice,
      errors: ['NOT_FOUND', 'INVALID_STATUS', 'PRICE_OVERLAP', 'INVALID_PERIOD'],
    },
    (call, { params, body }) => changeScheduledPrice(call, params.id, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'delete',
      path: '/prices/{id}',
      scopes: ['catalog:write'],
      summary: 'Delete a scheduled price, or end it now',
      description:
        'A `PENDING` one is deleted. An `ACTIVE` one ends now, and the product has its price from before again.',
      params: IdParams,
      changes: ['catalog'],
      returns: Success,
      errors: ['NOT_FOUND', 'INVALID_STATUS'],
    },
    (call, { params }) => endScheduledPrice(call, params.id),
  ),
]);
