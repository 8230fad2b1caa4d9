import * as z from 'zod';
import { SLOT_CLOSED_REASONS } from '../../db/schema/words.ts';
import { Id, IdText, Instant, Money, PostalCode, ShopDate, wholeText } from '../../http/fields.ts';
import { BOOKING_DAYS } from './booking.ts';

export const Branch = z
  .object({ id: Id, name: z.string(), address: z.string(), is_active: z.boolean() })
  .meta({ id: 'Branch' });

export const DeliverySource = z.object({ id: Id, name: z.string() }).meta({ id: 'DeliverySource' });

export const SlotQuery = z.object({
  day_of_week: wholeText(0, 6).optional().meta({ type: 'integer', minimum: 0, maximum: 6, description: '0 = Sunday.' }),
  branch_id: IdText.optional(),
  date: ShopDate.optional(),
  days: wholeText(1, BOOKING_DAYS + 1)
    .optional()
    .meta({
      type: 'integer',
      minimum: 1,
      maximum: BOOKING_DAYS + 1,
      description: 'List every date of so many days, from `date` or today on.',
    }),
  postal_code: PostalCode.optional().meta({
    description: 'Only slots of the branches that deliver there, at the fee of the zone.',
  }),
});

export const DeliverySlot = z
  .object({
    id: Id,
    branch_id: Id,
    day_of_week: z.int().meta({ description: '0 = Sunday.' }),
    start_time: z.string().meta({ example: '08:00:00' }),
    end_time: z.string().meta({ example: '10:00:00' }),
    capacity: z.int().nullable().meta({ description: 'Maximum number of orders per date; null = unlimited.' }),
    cutoff_minutes: z.int().meta({ description: 'Booking ends so many minutes before the start.' }),
    cutoff_day_before: z
      .string()
      .nullable()
      .meta({ description: 'Booking ends at this time of the day before.', example: '18:00:00' }),
    fee: Money.nullable().meta({
      description: 'Of a delivery in this slot, or to the zone of `postal_code`; null: the rule of the settings.',
    }),
    next_date: z.string().meta({ format: 'date', example: '2026-03-01' }),
    remaining: z.int().nullable().meta({ description: 'Free places on `date`, or on `next_date` without `date`.' }),
    closes_at: Instant.meta({ description: 'Until when that date can be booked.' }),
    closed_reason: z
      .enum(SLOT_CLOSED_REASONS)
      .nullable()
      .meta({ description: 'Why `remaining` is 0; null while it can be booked.' }),
  })
  .meta({ id: 'DeliverySlot' });
