import * as z from 'zod';
import { FULFILLMENT_TYPES } from '../../db/schema/words.ts';
import {
  Id,
  Instant,
  idempotencyKey,
  line,
  Money,
  MoneyInput,
  optional,
  PostalCode,
  ShopDate,
} from '../../http/fields.ts';
import { BOOKING_DAYS } from '../branches/booking.ts';
import { AppliedDiscount } from '../promotions/applied.ts';

const terms = {
  cart_id: Id,
  fulfillment_type: z.enum(FULFILLMENT_TYPES),
  branch_id: optional(Id).meta({
    description: 'The pickup branch. Deliveries ship from the delivery source branch.',
  }),
  delivery_slot_id: optional(Id),
  delivery_date: optional(ShopDate).meta({
    description: `Default: the slot's next date, and for a confirm the date that the preview of this slot showed; at most ${BOOKING_DAYS} days ahead.`,
  }),
  address: optional(line(5, 256)).meta({ example: '12 Herzl Street, Tel Aviv' }),
  address_id: optional(Id),
  postal_code: optional(PostalCode).meta({
    description: 'Of `address`, which has none; a saved address has its own. Decides on the delivery zone.',
  }),
};

export const PreviewBody = z.strictObject(terms).meta({ id: 'PreviewBody' });
export type PreviewInput = z.output<typeof PreviewBody>;

export const ConfirmBody = z
  .strictObject({
    ...terms,
    payment_token_id: optional(Id).meta({ description: 'Needed unless store credit pays all of it.' }),
    use_credit: optional(z.boolean()).meta({
      description: 'Spend store credit first, and charge the rest to the card. Default: false.',
    }),
    save_as_default: optional(z.boolean()),
    age_confirmed: optional(z.boolean()).meta({
      description: 'The customer is old enough for the age-restricted products of the cart. Default: false.',
    }),
    expected_total: optional(MoneyInput).meta({
      description: 'Fails with PRICE_CHANGED if the total differs.',
    }),
  })
  .refine(({ payment_token_id, use_credit }) => payment_token_id !== undefined || use_credit === true, {
    path: ['payment_token_id'],
    message: 'is needed, unless use_credit is true',
    // Told together with what else is wrong.
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .meta({ id: 'ConfirmBody' });
export type ConfirmInput = z.output<typeof ConfirmBody>;

export const ConfirmHeaders = z.object({
  'idempotency-key': idempotencyKey('Required. A unique value per purchase, the same for its retries.', {
    mayBeEmpty: true,
  }),
});

export const MissingItem = z
  .object({ product_id: Id, requested_quantity: z.int(), available_quantity: z.int() })
  .meta({ id: 'MissingItem' });

export const Preview = z
  .object({
    reserved_until: Instant.nullable().meta({
      description: 'Null without a hold: 60 minutes after the first preview, a hold is not renewed for ten minutes.',
    }),
    slot_held: z.boolean().meta({ description: 'False when no slot was given, or when it is full.' }),
    cart_total: Money.meta({ description: 'Goods after discounts, and deposits.' }),
    deposit_total: Money.meta({
      description: 'The part of `cart_total` that is deposits. It does not count towards free delivery.',
    }),
    delivery_fee: Money.nullable().meta({ description: 'After FREE_DELIVERY; null for a pickup.' }),
    total_amount: Money,
    minimum_order_total: Money.meta({
      description: 'Of the settings or of the delivery zone; `confirm` asks for no more.',
    }),
    discounts: z.array(AppliedDiscount),
    currency: z.string(),
    fulfillment_type: z.enum(FULFILLMENT_TYPES),
    delivery_date: ShopDate.nullable(),
    missing_items: z.array(MissingItem),
  })
  .meta({ id: 'CheckoutPreview' });

export const Confirmation = z
  .object({ order_id: Id, order_number: z.string(), total_paid: Money, payment_reference: z.string() })
  .meta({ id: 'OrderConfirmation' });
