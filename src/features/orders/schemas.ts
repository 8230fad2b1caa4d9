import * as z from 'zod';
import { FULFILLMENT_TYPES, PICKED_STATUSES, SHOWN_PAYMENT_STATUSES } from '../../db/schema/words.ts';
import { Id, Instant, idempotencyKey, Money, Page, ShopDate } from '../../http/fields.ts';
import { TaxClass } from '../catalog/schemas.ts';
import { AppliedDiscount } from '../promotions/applied.ts';
import { Substitution } from '../substitutions/schemas.ts';
import { ORDER_STATUSES } from './statuses.ts';

export const Status = z.enum(ORDER_STATUSES).meta({ id: 'OrderStatus', example: 'CREATED' });
export const Fulfillment = z.enum(FULFILLMENT_TYPES).meta({ id: 'FulfillmentType' });
export const PickedStatus = z.enum(PICKED_STATUSES).meta({ id: 'PickedStatus' });

/** The name of a line, of which its product may be called otherwise by now. */
export const LineName = z.string().meta({
  description: 'As recorded. In a language: its translation, while the product still is called so.',
  example: 'Fresh milk 3%',
});

export const OrderItem = z
  .object({
    id: z.int(),
    product_id: z.int(),
    name: LineName,
    sku: z.string(),
    unit_price: Money,
    quantity: z.int(),
    discount: Money.meta({ description: 'What promotions took off the line.', example: '0.00' }),
    tax_class: TaxClass,
    vat_rate: Money.nullable().meta({ description: 'In percent; null until the receipt is issued.', example: '18.00' }),
    deposit: Money.nullable().meta({ description: 'Of one unit, beside its price; null: none.' }),
    picked_status: PickedStatus,
    picked_quantity: z.int().nullable().meta({
      description:
        'Units in the bag, of the product or of its replacement; the rest of `quantity` is short and not paid. Null while PENDING.',
    }),
    picked_grams: z.int().nullable().meta({ description: 'What they weigh together; null if not sold by weight.' }),
    final_amount: Money.nullable().meta({
      description:
        'What the goods of the line cost as picked, after discounts and without deposits. Null while PENDING.',
    }),
    price_per_kg: Money.nullable().meta({
      description: 'Of a product sold by weight: `unit_price` is that of its nominal piece. Null: sold by the piece.',
    }),
    nominal_grams: z.int().nullable(),
    substitution: Substitution,
    replacement_product_id: z.int().nullable(),
    replacement_name: LineName.nullable(),
    replacement_unit_price: Money.nullable().meta({
      description: 'Price of one unit of the replacement: the lower of the two prices.',
    }),
    replacement_deposit: Money.nullable().meta({
      description: 'Of one unit of the replacement: the lower of the two deposits.',
    }),
    image_url: z.string().nullable(),
    unit: z.string().nullable(),
    age_restricted: z.int().nullable().meta({ example: null }),
  })
  .meta({ id: 'OrderItem', description: 'Name, SKU and price at the time of purchase.' });

export const AmendedOrder = z
  .object({
    total: Money.meta({ description: 'What it cost: goods after discounts, deposits and delivery fee.' }),
    delivery_fee: Money,
    deposit_total: Money,
    items: z.array(
      z.object({
        product_id: z.int(),
        name: LineName,
        sku: z.string(),
        quantity: z.int(),
        unit_price: Money,
        discount: Money,
      }),
    ),
    delivery: z
      .object({ address: z.string().optional(), slot_id: z.int(), slot_start: Instant, slot_end: Instant })
      .nullable()
      .meta({ description: 'Null for a pickup.' }),
  })
  .meta({ id: 'AmendedOrder', description: 'What amendments change of an order.' });

const Amendment = z
  .object({
    id: z.int(),
    confirmed_at: Instant,
    total: Money.meta({ description: 'What the order cost with it.' }),
    difference: Money.meta({ description: 'How much that was more than before; negative: less.', example: '21.50' }),
    before: AmendedOrder,
    after: AmendedOrder,
  })
  .meta({ id: 'Amendment', description: 'A change of an order by its customer after the purchase.' });

export const Order = z
  .object({
    id: z.int(),
    order_number: z.string(),
    status: Status,
    fulfillment_type: Fulfillment,
    branch_id: z.int(),
    total_amount: Money.meta({
      description:
        'Goods after discounts, deposits and delivery fee, as paid; not reduced by refunds. Rises by an amendment that adds.',
    }),
    delivery_fee: Money,
    discounts: z.array(AppliedDiscount).meta({
      description: 'Those of the lines by promotion, and free delivery, of which `delivery_fee` is less already.',
    }),
    deposit_total: Money.meta({ description: 'The part of the total that is deposits, as ordered.' }),
    refunded_amount: Money.meta({
      description:
        'The part of `total_amount` that the customer does not pay in the end: refunds promised or paid, what was ' +
        'reserved but not taken, and what amendments took away.',
    }),
    credit_amount: Money.meta({ description: 'What of the total was paid with store credit; the card paid the rest.' }),
    currency: z.string(),
    payment_reference: z.string().nullable(),
    payment_status: z.enum(SHOWN_PAYMENT_STATUSES).meta({
      description: 'FAILED: another card is wanted, see POST /orders/{id}/payment.',
      example: 'CAPTURED',
    }),
    authorized_amount: Money.nullable().meta({
      description: 'What was reserved; null where the order was charged at once.',
    }),
    captured_amount: Money.nullable().meta({ description: 'What was taken; null before that.' }),
    capture_before: Instant.nullable().meta({ description: 'When the bank lets go of what was reserved.' }),
    created_at: Instant,
    updated_at: Instant,
    version: z.int().meta({ description: 'Rises with each change of the order or of its lines.' }),
    amendments: z.array(Amendment).meta({ description: 'What its customer changed after the purchase, oldest first.' }),
    items_count: z.int().meta({ description: 'Units of all lines.' }),
    age_restricted: z.int().nullable().meta({
      description: 'The age that the courier checks at the door; null: none.',
      example: null,
    }),
    items: z.array(OrderItem),
    delivery: z
      .object({
        address: z.string(),
        slot_id: z.int(),
        slot_start: Instant,
        slot_end: Instant,
      })
      .nullable()
      .meta({ description: 'Null for a pickup.' }),
    pickup: z
      .object({ branch_id: z.int(), branch_name: z.string(), window_start: Instant, window_end: Instant })
      .nullable()
      .meta({ description: 'Null for a delivery.' }),
    timeline: z.array(z.object({ status: Status, at: Instant })),
  })
  .meta({ id: 'Order' });

export type OrderRow = z.input<typeof Order>;

export const OrdersQuery = Page.extend({
  status: Status.optional(),
  date_from: ShopDate.optional().meta({ description: 'First day on which the order was placed.' }),
  date_to: ShopDate.optional().meta({ description: 'Last day on which the order was placed.' }),
});

export const CanceledOrder = z
  .object({ order_id: z.int(), canceled_at: Instant, status: Status })
  .meta({ id: 'CanceledOrder' });

export const PaymentBody = z.strictObject({ payment_token_id: Id }).meta({ id: 'PaymentBody' });

export const PaymentHeaders = z.object({
  'idempotency-key': idempotencyKey('Chosen by the client, the same for every retry of this payment.', {
    mayBeEmpty: true,
  }),
});
