import { IdParams } from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { feature, protectedRoute, publicRoute, SIGNED_IN } from '../../http/route.ts';
import { join } from './join.ts';
import { FloorConnection, LiveMessage, OrderConnection, Ticket, TicketBody } from './schemas.ts';
import { issueTicket } from './tickets.ts';

const CONNECTION =
  'A WebSocket. Each message is JSON: first a `snapshot` of the whole state, or with `last_event` the events behind that position ' +
  '(a snapshot instead when they are more than 500 or no longer kept), then each event as it happens. The snapshot is in the ' +
  'language that the client asks for; events name products as recorded. Events say what has changed; read the rest by the API. ' +
  'Send the text `ping` to hear `pong`; any other message ends the connection (1008, or 1009 when it is long). 4401: the session ' +
  'or API key, or the right to see this, has ended. After any other end connect anew with a new ticket and `last_event`, or poll ' +
  '`GET /orders/{id}/events?after=`.';

export const live = feature('/live', 'Live', [
  protectedRoute(
    SIGNED_IN,
    {
      method: 'post',
      path: '/tickets',
      scopes: ['events:read'],
      staffSeeOthers: true,
      summary: 'A ticket for a live connection',
      description:
        'For `order_id` (customers their own, staff those of their branches) or `branch_id` (staff). It stands in for the access token, ' +
        'which browsers cannot send with a WebSocket, works once, and for 60 seconds.',
      body: TicketBody,
      returns: Ticket,
      status: 201,
      errors: ['NOT_FOUND'],
    },
    (call, { body }) => issueTicket(call, body),
  ),
]);

export const orderLive = feature('/orders', 'Live', [
  publicRoute(
    {
      method: 'get',
      path: '/{id}/live',
      status: 101,
      summary: 'Follow an order',
      description: CONNECTION,
      params: IdParams,
      query: OrderConnection.extend(InLanguage.shape),
      returns: LiveMessage,
      translated: true,
      errors: ['NOT_FOUND', 'TICKET_INVALID', 'UPGRADE_REQUIRED'],
    },
    (call, { params, query }) => join(call, { kind: 'order', id: params.id }, query),
  ),
]);

export const opsLive = feature('/ops', 'Live', [
  publicRoute(
    {
      method: 'get',
      path: '/live',
      status: 101,
      summary: 'Follow the floor of a branch',
      description: `${CONNECTION} The snapshot has the 100 most urgent orders, as \`GET /ops/orders\`.`,
      query: FloorConnection.extend(InLanguage.shape),
      returns: LiveMessage,
      translated: true,
      errors: ['NOT_FOUND', 'TICKET_INVALID', 'UPGRADE_REQUIRED'],
    },
    (call, { query }) => join(call, { kind: 'branch', id: query.branch_id }, query),
  ),
]);
