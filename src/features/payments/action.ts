import * as z from 'zod';
import type { Call } from '../../http/context.ts';
import { Id, Instant } from '../../http/fields.ts';
import type { DueAction } from './settle.ts';

/** `data` of a 202: the bank wants something of the customer before it answers (3-D Secure). */
export const ActionRequired = z
  .object({
    order_id: Id,
    order_number: z.string(),
    action: z
      .object({
        type: z.string().meta({ example: 'use_stripe_sdk' }),
        client_secret: z.string().optional().meta({ description: "For the provider's own library in the client." }),
        url: z.string().optional().meta({ description: 'A page of the bank to send the customer to.' }),
        expires_at: Instant,
      })
      .meta({ id: 'PaymentAction' }),
  })
  .meta({ id: 'ActionRequired' });

/** A provider that is part of this API gives a path: where the caller finds it depends on how the caller came here. */
export const withAddress = ({ origin }: Call, action: DueAction): DueAction =>
  action.url === undefined ? action : { ...action, url: new URL(action.url, origin).href };
