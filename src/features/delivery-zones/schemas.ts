import * as z from 'zod';
import { subsetOf } from '../../http/change.ts';
import { Id, IdText, Instant, line, Money, MoneyInput, Page, PostalCode } from '../../http/fields.ts';

const Pattern = z
  .string()
  .trim()
  .refine(isPattern, 'must be a postal code of 4 to 16 digits, the first digits with *, or a range such as 61000-61999')
  .meta({ type: 'string', example: '61000-61999' });

/** A code, a beginning of codes, or a range whose ends are of equal length, the first one not above the last one. */
function isPattern(pattern: string): boolean {
  if (/^\d{4,16}$|^\d{1,16}\*$/.test(pattern)) return true;
  const [, first = '', last = ''] = /^(\d{4,16})-(\d{4,16})$/.exec(pattern) ?? [];
  return first !== '' && first.length === last.length && first <= last;
}

export const NewZone = z
  .strictObject({
    name: line(2, 64).meta({ example: 'Tel Aviv' }),
    postal_codes: z
      .array(Pattern)
      .min(1)
      .max(200)
      .meta({ example: ['6*', '61000-61999'] }),
    fee: MoneyInput.nullish().meta({
      description: 'Of a delivery, whatever the total; null: the rule of the settings.',
    }),
    minimum: MoneyInput.nullish().meta({ description: 'The minimum order; null: that of the settings.' }),
    branch_id: Id.nullish().meta({ description: 'Who delivers; null: the delivery source branch.' }),
  })
  .meta({ id: 'NewDeliveryZone' });
export const ZoneChange = subsetOf(NewZone).meta({ id: 'DeliveryZoneChange' });

export const Zone = z
  .object({
    id: Id,
    name: z.string(),
    postal_codes: z.array(z.string()),
    fee: Money.nullable(),
    minimum: Money.nullable(),
    branch_id: Id.nullable(),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'DeliveryZone' });
export const ZoneFilters = Page.extend({ branch_id: IdText.optional() });
export const ZoneDeleted = z.object({ success: z.literal(true) }).meta({ id: 'DeliveryZoneDeleted' });

export const CheckQuery = z.object({ postal_code: PostalCode });
export const DeliveryCheck = z
  .object({
    covered: z.boolean().meta({ description: 'Whether a delivery zone has this postal code.' }),
    zone_id: Id.nullable(),
    branch_id: Id.nullable().meta({ description: 'Who delivers; null when nobody does.' }),
    fee: Money.nullable().meta({ description: 'Of a delivery, before the rule of free delivery of the settings.' }),
    minimum: Money.nullable(),
  })
  .meta({ id: 'DeliveryCheck' });
