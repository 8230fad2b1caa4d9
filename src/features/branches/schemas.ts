import { z } from '@hono/zod-openapi';
import { Id, IdText, ShopDate, wholeText } from '../../http/fields.ts';

export const Branch = z
  .object({ id: Id, name: z.string(), address: z.string(), is_active: z.boolean() })
  .openapi('Branch');

export const DeliverySource = z.object({ id: Id, name: z.string() }).openapi('DeliverySource');

export const SlotQuery = z.object({
  day_of_week: wholeText(0, 6)
    .optional()
    .openapi({ type: 'integer', minimum: 0, maximum: 6, description: '0 = Sunday.' }),
  branch_id: IdText.optional(),
  date: ShopDate.optional(),
});

export const DeliverySlot = z
  .object({
    id: Id,
    branch_id: Id,
    day_of_week: z.int().openapi({ description: '0 = Sunday.' }),
    start_time: z.string().openapi({ example: '08:00:00' }),
    end_time: z.string().openapi({ example: '10:00:00' }),
    capacity: z.int().nullable().openapi({ description: 'Orders on one date; null = unlimited.' }),
    next_date: z.string().openapi({ format: 'date', example: '2026-03-01' }),
    remaining: z.int().nullable().openapi({ description: 'Places left on `date`, or on `next_date` without one.' }),
  })
  .openapi('DeliverySlot');
