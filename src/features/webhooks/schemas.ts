import * as z from 'zod';
import { DELIVERY_STATUSES } from '../../db/schema/words.ts';
import { IdText, Instant, Page } from '../../http/fields.ts';
import { EVENT_TYPES } from '../events/schemas.ts';

const KINDS = [...new Set(EVENT_TYPES.map((type) => type.split('.')[0]))];
const WANTED = ['*', ...KINDS.map((kind) => `${kind}.*`), ...EVENT_TYPES];

const Wanted = z.enum(WANTED).meta({ example: 'order.*' });

export const NewWebhook = z
  .strictObject({
    url: z.string().trim().min(1).max(2000).meta({ example: 'https://hooks.example.com/mami' }),
    events: z
      .array(Wanted)
      .min(1)
      .max(100)
      .meta({ description: 'Types of events; `order.*` is all of a kind, `*` all.' }),
    is_active: z.boolean().optional(),
  })
  .meta({ id: 'NewWebhook' });

export const Webhook = z
  .object({
    id: z.int(),
    url: z.string(),
    events: z.array(z.string()),
    is_active: z.boolean(),
    previous_secret_until: Instant.nullable().meta({
      description: 'Until when deliveries are signed with the previous secret too.',
    }),
    disabled_at: Instant.nullable().meta({
      description: 'When it was switched off because deliveries had failed for three days.',
    }),
    disabled_reason: z.string().nullable(),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Webhook' });
export type WebhookRow = z.input<typeof Webhook>;

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().meta({ description: 'Shown this once.', example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }),
}).meta({ id: 'WebhookWithSecret' });

const Status = z.enum(DELIVERY_STATUSES).meta({ id: 'DeliveryStatus' });

export const WebhookDelivery = z
  .object({
    id: z.int(),
    webhook_id: z.int(),
    message_id: z
      .string()
      .meta({ description: 'The header `webhook-id`: the same at every attempt.', example: 'evt_418' }),
    type: z.string().meta({ example: 'order.status_changed' }),
    status: Status,
    attempts: z.int(),
    next_attempt_at: Instant.nullable().meta({ description: 'Null once it has ended.' }),
    response_status: z.int().nullable(),
    last_error: z.string().nullable(),
    created_at: Instant,
    settled_at: Instant.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export type DeliveryRow = z.input<typeof WebhookDelivery>;

export const DeliveriesQuery = Page.extend({ status: Status.optional() });
export const DeliveryParams = z.object({ id: IdText, delivery_id: IdText });
export const Removed = z.object({ success: z.literal(true) }).meta({ id: 'RemovedWebhook' });
