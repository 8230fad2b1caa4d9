import * as z from 'zod';
import { subsetOf } from '../../http/change.ts';
import {
  ClockTime,
  FlagText,
  Id,
  IdText,
  Instant,
  limitText,
  line,
  Money,
  MoneyInput,
  Page,
  paragraph,
  wholeText,
} from '../../http/fields.ts';
import { Translations, translationsInput } from '../../http/translations.ts';

const Kept = { is_active: z.boolean(), created_at: Instant, updated_at: Instant };

export const AdminBranch = z
  .object({ id: Id, name: z.string(), address: z.string(), translations: Translations, ...Kept })
  .meta({ id: 'AdminBranch' });
export const NewBranch = z
  .strictObject({
    name: line(2, 64),
    address: line(5, 256),
    translations: translationsInput({
      name: line(2, 64).nullish(),
      address: line(5, 256).nullish(),
      description: paragraph(0, 2000).nullish(),
    }),
  })
  .meta({ id: 'NewBranch' });
export const BranchChange = subsetOf(NewBranch).meta({ id: 'BranchChange' });
export const BranchFilters = Page.extend({ is_active: FlagText.optional() });

export const AdminSlot = z
  .object({
    id: Id,
    branch_id: Id,
    day_of_week: z.int().meta({ description: '0 = Sunday' }),
    start_time: z.string(),
    end_time: z.string(),
    capacity: z.int().nullable(),
    cutoff_minutes: z.int(),
    cutoff_day_before: z.string().nullable(),
    fee: Money.nullable(),
    ...Kept,
  })
  .meta({ id: 'AdminDeliverySlot' });
export const NewSlot = z
  .strictObject({
    branch_id: Id,
    day_of_week: z.int().min(0).max(6).meta({ description: '0 = Sunday' }),
    start_time: ClockTime,
    end_time: ClockTime,
    capacity: z
      .int()
      .min(0)
      .max(10_000)
      .nullish()
      .meta({ description: 'Maximum number of orders per date; null = unlimited.' }),
    cutoff_minutes: z.int().min(0).max(10_080).optional().meta({
      description: 'Booking ends so many minutes before the start. Default: 0.',
    }),
    cutoff_day_before: ClockTime.nullish().meta({
      description: 'Booking ends at this time of the day before, instead of `cutoff_minutes`.',
      example: '18:00:00',
    }),
    fee: MoneyInput.nullish().meta({
      description: 'Delivery fee of this slot; null: that of the zone or the settings.',
    }),
  })
  .meta({ id: 'NewDeliverySlot' });
export const SlotChange = subsetOf(NewSlot).meta({ id: 'DeliverySlotChange' });
/** The existing admin console loads all branches in one request. */
export const SlotFilters = Page.extend({
  limit: limitText(1000, 1000),
  branch_id: IdText.optional(),
  day_of_week: wholeText(0, 6).optional(),
  is_active: FlagText.optional(),
});
