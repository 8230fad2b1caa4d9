import * as z from 'zod';
import { Id, IdText, ShopDate, wholeText } from '../../http/fields.ts';

export const Branch = z
  .object({ id: Id, name: z.string(), address: z.string(), is_active: z.boolean() })
  .meta({ id: 'Branch' });

export const DeliverySource = z.object({ id: Id, name: z.string() }).meta({ id: 'DeliverySource' });

export const SlotQuery = z.object({
  day_of_week: wholeText(0, 6).optional().meta({ type: 'integer', minimum: 0, maximum: 6, description: '0 = Sunday.' }),
  branch_id: IdText.optional(),
  date: ShopDate.optional(),
});

export const DeliverySlot = z
  .object({
    id: Id,
    branch_id: Id,
    day_of_week: z.int().meta({ description: '0 = Sunday.' }),
    start_time: z.string().meta({ example: '08:00:00' }),
    end_time: z.string().meta({ example: '10:00:00' }),
    capacity: z.int().nullable().meta({ description: 'Maximum number of orders per date; null = unlimited.' }),
    next_date: z.string().meta({ format: 'date', example: '2026-03-01' }),
    remaining: z.int().nullable().meta({ description: 'Free places on `date`, or on `next_date` without `date`.' }),
  })
  .meta({ id: 'DeliverySlot' });
