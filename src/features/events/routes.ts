import * as z from 'zod';
import { IdParams } from '../../http/fields.ts';
import { feature, protectedRoute, SIGNED_IN } from '../../http/route.ts';
import { eventsOfOrder } from './queries.ts';
import { EventsQuery, ShopEvent } from './schemas.ts';

export const orderEvents = feature('/orders', 'Events', [
  protectedRoute(
    SIGNED_IN,
    {
      method: 'get',
      path: '/{id}/events',
      scopes: ['events:read'],
      staffSeeOthers: true,
      summary: 'Changes of an order, oldest first',
      description:
        'Of the order, its lines, its payment and its claims; customers see their own orders, staff those of their branches. To follow an order, ask ' +
        'again with `after` the position of the last event received: no event is skipped or repeated. An event appears once every ' +
        'transaction that began before its own has ended. Positions are opaque, and events are kept for three months. Names in them are as recorded, in every language.',
      params: IdParams,
      query: EventsQuery,
      returns: z.array(ShopEvent),
      errors: ['NOT_FOUND'],
    },
    (call, { params, query }) => eventsOfOrder(call, params.id, query),
  ),
]);
