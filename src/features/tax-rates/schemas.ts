import * as z from 'zod';
import { Id, Instant, Money, MoneyInput, ShopDate } from '../../http/fields.ts';

export const TaxRate = z
  .object({
    id: Id,
    rate: Money.meta({ description: 'In percent.', example: '18.00' }),
    first_day: ShopDate,
    last_day: ShopDate.nullable().meta({ description: 'The day before the next rate; null: no other follows.' }),
    created_at: Instant,
  })
  .meta({ id: 'TaxRate', description: 'The VAT rate of products of the class STANDARD.' });

export const NewTaxRate = z
  .strictObject({
    rate: MoneyInput.refine((percent) => Number(percent) <= 100, 'must be at most 100').meta({
      type: ['string', 'number'],
      pattern: '^(\\d{1,2}(\\.\\d{1,2})?|100(\\.0{1,2})?)$',
      minimum: 0,
      maximum: 100,
      description: 'In percent, with at most two decimals.',
      example: '18.00',
    }),
    first_day: ShopDate,
  })
  .meta({ id: 'NewTaxRate' });
