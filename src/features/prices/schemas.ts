import * as z from 'zod';
import { PRICE_STATUSES } from '../../db/schema/words.ts';
import { subsetOf } from '../../http/change.ts';
import { Id, IdText, Instant, InstantInput, Money, Page } from '../../http/fields.ts';
import { OldPriceInput, PriceInput } from '../admin-catalog/schemas.ts';

const Status = z.enum(PRICE_STATUSES).meta({
  id: 'ScheduledPriceStatus',
  description:
    '`PENDING` before its start, `ACTIVE` from then to its end, `FINISHED` after it. One without an end is `FINISHED` once it has begun.',
});

export const ScheduledPrice = z
  .object({
    id: Id,
    product_id: Id,
    product_name: z.string(),
    product_sku: z.string(),
    price: Money,
    old_price: Money.nullable(),
    starts_at: Instant,
    ends_at: Instant.nullable(),
    status: Status,
    price_before: Money.nullable().meta({ description: 'What the product cost when it began; null before.' }),
    created_by: Id.nullable(),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'ScheduledPrice' });

export const NewScheduledPrice = z
  .strictObject({
    product_id: Id,
    price: PriceInput,
    old_price: OldPriceInput.nullish().meta({
      description: 'Shown beside the price. Without it, no old price is shown.',
    }),
    starts_at: InstantInput,
    ends_at: InstantInput.nullish().meta({ description: 'Without it, the price stays.' }),
  })
  .meta({ id: 'NewScheduledPrice' });

export const ScheduledPriceChange = subsetOf(NewScheduledPrice.omit({ product_id: true })).meta({
  id: 'ScheduledPriceChange',
});

export const ScheduledPriceFilters = Page.extend({ product_id: IdText.optional(), status: Status.optional() });
