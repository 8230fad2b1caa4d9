import * as z from 'zod';
import { FlagText, Id, IdText, Instant, line, Page, ShopDate } from '../../http/fields.ts';

export const NewException = z
  .strictObject({
    branch_id: Id,
    date: ShopDate,
    slot_id: Id.nullish().meta({ description: 'Null: every slot of the branch on that date.' }),
    closed: z.boolean().optional().meta({ description: 'Either this or `capacity`.' }),
    capacity: z
      .int()
      .min(0)
      .max(10_000)
      .nullish()
      .meta({ description: 'Number of orders on that date, for each slot.' }),
    reason: line(2, 200).meta({ example: 'Passover' }),
    force: z.boolean().optional().meta({ description: 'Close to new orders although some are booked.' }),
  })
  .refine(({ closed, capacity }) => (closed === true) === ((capacity ?? null) === null), {
    path: ['capacity'],
    message: 'send either closed: true or a capacity',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .meta({ id: 'NewSlotException' });

export const Exception = z
  .object({
    id: Id,
    branch_id: Id,
    date: z.string().meta({ format: 'date', example: '2026-04-02' }),
    slot_id: Id.nullable(),
    closed: z.boolean(),
    capacity: z.int().nullable(),
    reason: z.string(),
    created_at: Instant,
  })
  .meta({ id: 'SlotException' });
export const ExceptionFilters = Page.extend({
  branch_id: IdText.optional(),
  date_from: ShopDate.optional(),
  date_to: ShopDate.optional(),
});
export const ExceptionDeleted = z.object({ success: z.literal(true) }).meta({ id: 'SlotExceptionDeleted' });

export const ImportForm = z.strictObject({ branch_id: IdText, force: FlagText.optional() });
export const ImportAnswer = z
  .object({
    imported: z.int().meta({ description: 'Events that closed something.' }),
    unchanged: z.int().meta({ description: 'Events whose days have passed, are closed already, or have no slots.' }),
    errors: z.array(z.object({ line: z.int(), message: z.string() }).meta({ id: 'CalendarError' })),
  })
  .meta({ id: 'CalendarImport' });
