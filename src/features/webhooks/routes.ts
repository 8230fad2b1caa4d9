import { subsetOf } from '../../http/change.ts';
import { IdParams, Page } from '../../http/fields.ts';
import { ADMINS, feature, protectedRoute } from '../../http/route.ts';
import { addWebhook, changeWebhook, removeWebhook, replayDelivery, rotateSecret } from './commands.ts';
import { listDeliveries, listWebhooks } from './queries.ts';
import * as schemas from './schemas.ts';

const ADDRESS_NOTE =
  'The address must be https and public, also once its name is resolved; that is checked again at every delivery.';

export const adminWebhooks = feature('/admin/webhooks', 'Admin: webhooks', [
  protectedRoute(
    ADMINS,
    { method: 'get', path: '', summary: 'Receivers of events', query: Page, paged: true, returns: schemas.Webhook },
    (call, { query }) => listWebhooks(call, query),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'post',
      path: '',
      summary: 'Add a receiver of events',
      description: `The answer shows the secret that signs deliveries, this once. ${ADDRESS_NOTE} At most 50 (422).`,
      body: schemas.NewWebhook,
      returns: schemas.WebhookWithSecret,
      status: 201,
      errors: ['WEBHOOK_URL_REFUSED', 'UNPROCESSABLE'],
    },
    (call, { body }) => addWebhook(call, body),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'patch',
      path: '/{id}',
      summary: 'Change a receiver of events, switch it off or on',
      description: `What happens while it is off is not sent later; what waited when it was switched off is. ${ADDRESS_NOTE}`,
      params: IdParams,
      body: subsetOf(schemas.NewWebhook),
      returns: schemas.Webhook,
      errors: ['WEBHOOK_URL_REFUSED', 'NOT_FOUND'],
    },
    (call, { params, body }) => changeWebhook(call, params.id, body),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'delete',
      path: '/{id}',
      summary: 'Remove a receiver of events and its deliveries',
      params: IdParams,
      returns: schemas.Removed,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => removeWebhook(call, params.id),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'post',
      path: '/{id}/rotate',
      summary: 'Replace the secret of a receiver',
      description:
        'The answer shows the new secret, this once. For 24 hours deliveries are signed with the previous one too.',
      params: IdParams,
      returns: schemas.WebhookWithSecret,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => rotateSecret(call, params.id),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'get',
      path: '/{id}/deliveries',
      summary: 'Deliveries to a receiver, newest first',
      description: 'Those that have ended are kept for 30 days.',
      params: IdParams,
      query: schemas.DeliveriesQuery,
      paged: true,
      returns: schemas.WebhookDelivery,
      errors: ['NOT_FOUND'],
    },
    (call, { params, query }) => listDeliveries(call, params.id, query),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'post',
      path: '/{id}/deliveries/{delivery_id}/replay',
      summary: 'Send a delivery once more',
      description: 'Under the same `webhook-id`, so a receiver that has it already can tell.',
      params: schemas.DeliveryParams,
      returns: schemas.WebhookDelivery,
      errors: ['NOT_FOUND', 'INVALID_STATUS'],
    },
    (call, { params }) => replayDelivery(call, params.id, params.delivery_id),
  ),
]);
