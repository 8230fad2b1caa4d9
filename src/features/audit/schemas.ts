import * as z from 'zod';
import { Id, IdText, Instant, line, Page, ShopDate } from '../../http/fields.ts';

const Values = z.record(z.string(), z.unknown());

export const AuditEntry = z
  .object({
    id: z.int(),
    entity_type: z.string(),
    entity_id: Id.nullable(),
    action: z.string(),
    old_value: Values.nullable(),
    new_value: Values.nullable(),
    context: Values,
    actor_user_id: Id.nullable(),
    actor_email: z.string().nullable(),
    actor_api_key_id: Id.optional().meta({ description: 'Only where an API key acted for the user.' }),
    created_at: Instant,
  })
  .meta({ id: 'AuditEntry' });

export const AuditFilters = Page.extend({
  entity_type: line(1, 64).optional().meta({ example: 'product' }),
  entity_id: IdText.optional(),
  action: line(1, 64).optional().meta({ example: 'UPDATE' }),
  actor_id: IdText.optional(),
  actor_api_key_id: IdText.optional(),
  date_from: ShopDate.optional(),
  date_to: ShopDate.optional(),
});
