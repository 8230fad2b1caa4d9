import * as z from 'zod';
import {
  Id,
  IdText,
  Instant,
  idempotencyKey,
  line,
  Money,
  MoneyInput,
  optional,
  PostalCode,
  ShopDate,
} from '../../http/fields.ts';
import { MAX_CART_LINES, MAX_UNITS } from '../../limits.ts';
import { BOOKING_DAYS } from '../branches/booking.ts';
import { MissingItem } from '../checkout/schemas.ts';

const Wanted = z.strictObject({ product_id: Id, quantity: z.int().min(1).max(MAX_UNITS).meta({ example: 2 }) });

export const AmendmentPreviewBody = z
  .strictObject({
    lines: optional(
      z
        .array(Wanted)
        .min(1)
        .max(MAX_CART_LINES)
        .refine(
          (lines) => new Set(lines.map((one) => one.product_id)).size === lines.length,
          'must name each product once',
        ),
    ).meta({ description: 'The whole basket as it shall be: what is not named goes. Absent: as it is.' }),
    delivery_slot_id: optional(Id),
    delivery_date: optional(ShopDate).meta({
      description: `Default: the date of the order, for another slot its next date; at most ${BOOKING_DAYS} days ahead.`,
    }),
    address: optional(line(5, 256)).meta({ example: '12 Herzl Street, Tel Aviv' }),
    postal_code: optional(PostalCode).meta({ description: 'Of `address`. Decides on the delivery zone.' }),
    version: z
      .int()
      .min(1)
      .max(2_147_483_647)
      .meta({ description: 'The `version` of the order that the customer saw.', example: 1 }),
  })
  .refine((body) => body.lines ?? body.delivery_slot_id ?? body.delivery_date ?? body.address, {
    path: ['lines'],
    message: 'is needed, unless the slot, the date or the address changes',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .refine((body) => body.postal_code === undefined || body.address !== undefined, {
    path: ['postal_code'],
    message: 'belongs to an address',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .meta({ id: 'AmendmentPreviewBody' });
export type AmendmentTerms = z.output<typeof AmendmentPreviewBody>;

export const AmendmentPreview = z
  .object({
    amendment_id: Id,
    total: Money.meta({
      description: 'What the order costs with it. What staff have refunded is not taken off.',
      example: '78.40',
    }),
    difference: Money.meta({ description: 'How much that is more than now; negative: less.', example: '21.50' }),
    missing_items: z
      .array(MissingItem)
      .meta({ description: 'Must be empty to confirm; a new preview replaces this one then.' }),
    expires_at: Instant.meta({ description: 'Until then what it adds is held. Never after the cut-off of the order.' }),
  })
  .meta({ id: 'AmendmentPreview' });

export const AmendmentConfirmBody = z
  .strictObject({
    expected_total: optional(MoneyInput).meta({ description: 'Fails with PRICE_CHANGED if the total differs.' }),
    payment_token_id: optional(Id).meta({
      description: 'For what is more to pay. Default: the card of the order, else the default card.',
    }),
    age_confirmed: optional(z.boolean()).meta({
      description: 'Must be true where something with an age limit is added.',
    }),
  })
  .meta({ id: 'AmendmentConfirmBody' });
export type AmendmentChoice = z.output<typeof AmendmentConfirmBody>;

export const AmendmentParams = z.object({ id: IdText, aid: IdText });

export const AmendmentHeaders = z.object({
  'idempotency-key': idempotencyKey('Chosen by the client, the same for every retry of this confirm.', {
    mayBeEmpty: true,
  }),
});

export const Dropped = z.object({ success: z.literal(true) });
