import { feature, publicRoute } from '../../http/route.ts';
import { settleMockpayAction } from './mockpay-actions.ts';
import { ActionParams, ActionQuery, Received, Settled, WebhookParams } from './schemas.ts';
import { receiveWebhook } from './webhooks.ts';

export const webhooks = feature('/webhooks', 'Webhooks', [
  publicRoute(
    {
      method: 'post',
      path: '/payments/{provider}',
      summary: 'Messages of a payment provider',
      description:
        'The body as the provider signed it. A wrong signature, or one older than five minutes, is 400; an event that was ' +
        'worked on before is 200 without effect. What happened to a payment is asked of the provider, never believed from ' +
        'the message. 404 for a provider that sends none.',
      params: WebhookParams,
      rawBodyLimit: 256 * 1024,
      changes: ['products'],
      returns: Received,
      limit: '',
      errors: ['WEBHOOK_REFUSED', 'NOT_FOUND'],
    },
    (call, { params, file }) => receiveWebhook(call, params.provider, file),
  ),
]);

export const payments = feature('/payments', 'Payments', [
  publicRoute(
    {
      method: 'get',
      path: '/mockpay/actions/{key}',
      summary: "Mockpay's page of the bank",
      description:
        'Development only. Where `action.url` of a payment with the test card 4000000000003220 leads: `outcome=success` ' +
        'passes the check, `outcome=failure` fails it.',
      params: ActionParams,
      query: ActionQuery,
      limitMode: 'write',
      changes: ['products'],
      returns: Settled,
      errors: ['NOT_FOUND'],
    },
    (call, { params, query }) => settleMockpayAction(call, params.key, query.outcome),
  ),
]);
