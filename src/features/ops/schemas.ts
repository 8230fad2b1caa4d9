import * as z from 'zod';
import { BATCH_STATUSES } from '../../db/schema/words.ts';
import { ClockTime, Id, IdText, Instant, line, MAX_ID, Money, Page, paragraph, ShopDate } from '../../http/fields.ts';
import { MAX_UNITS } from '../../limits.ts';
import { Fulfillment, Order, OrderItem, OrdersQuery, PickedStatus, Status } from '../orders/schemas.ts';
import { URGENCIES } from './urgency.ts';

export const FloorQuery = OrdersQuery.extend({ branch_id: IdText.optional() });

export const FloorOrder = z
  .object({
    order_id: z.int(),
    order_number: z.string(),
    status: Status,
    urgency_rank: z.int().meta({ description: '0 = critical to 3 = scheduled; 4 = finished.' }),
    urgency: z.enum(URGENCIES),
    created_at: Instant,
    items_pending: z
      .int()
      .meta({ description: 'Units of the lines that nobody has picked, replaced or marked out of stock yet.' }),
    items_count: z.int().meta({ description: 'Units of all lines.' }),
    items_summary: z.string().meta({
      description: 'In Hebrew, Arabic and Russian it ends in `+3`.',
      example: 'Milk 3% ×2, Bread ×1 +3 more',
    }),
    customer_name: z.string(),
    customer_phone: z.string().nullable(),
    total_amount: Money,
    age_restricted: z.int().nullable().meta({
      description: 'The age that the courier checks at the door; null: none.',
      example: null,
    }),
    fulfillment_type: Fulfillment,
    delivery_slot: z
      .object({ start_time: ClockTime, end_time: ClockTime, date: ShopDate })
      .meta({ description: 'The promised delivery or pickup window, in the time zone of the shop.' }),
  })
  .meta({ id: 'FloorOrder' });

const StaffProduct = z
  .object({
    name: z.string(),
    image_url: z.string().nullable(),
    bin_location: z.string().nullable(),
    description: z.string().nullable(),
  })
  .meta({ id: 'StaffProduct', description: 'The ordered product with its current catalogue data.' });

export const StaffOrder = Order.extend({
  items: z.array(
    OrderItem.extend({
      bin_location: z.string().nullable(),
      picked_reason: z.string().nullable(),
      override_reason: z.string().nullable().meta({ description: 'Why a manager accepted a weight out of tolerance.' }),
      weight_tolerance_percent: Money.nullable().meta({ description: 'Null: not sold by weight.' }),
      product: StaffProduct,
    }).meta({ id: 'StaffOrderItem' }),
  ),
  customer: z.object({
    id: z.int(),
    full_name: z.string(),
    phone: z.string().nullable(),
    email: z.string(),
  }),
}).meta({ id: 'StaffOrder', description: 'An order with its customer; items in bin order.' });

export type StaffOrderRow = z.input<typeof StaffOrder>;

export const ItemParams = z.object({ id: IdText, item_id: IdText });

export const StatusBody = z.strictObject({ status: Status });

const MAX_GRAMS = 1_000_000;

const pick = {
  picked_status: PickedStatus,
  picked_quantity: z.int().min(0).max(MAX_ID).nullish().meta({
    description:
      'Units found; the rest of the line is written off and not paid. Default: all. 0 is refused: use MISSING.',
    example: 1,
  }),
  picked_grams: z.int().min(1).max(MAX_GRAMS).nullish().meta({
    description: 'What the units weigh together, of a product sold by weight.',
    example: null,
  }),
  reason: line(0, 300).nullish(),
  replacement_product_id: Id.nullish(),
};

interface PickFields {
  picked_status: z.output<typeof PickedStatus>;
  picked_quantity?: number | null | undefined;
  picked_grams?: number | null | undefined;
  replacement_product_id?: number | null | undefined;
}

const hasItsReplacement = (body: PickFields) =>
  (body.picked_status === 'REPLACED') === (body.replacement_product_id != null);
const replacementRule = {
  path: ['replacement_product_id'],
  message: 'is required for REPLACED, and only allowed there',
};
const hasItsAmount = (body: PickFields) =>
  body.picked_status === 'PICKED' ||
  body.picked_status === 'REPLACED' ||
  (body.picked_quantity == null && body.picked_grams == null);
const amountRule = {
  path: ['picked_status'],
  message: 'must be PICKED or REPLACED where picked_quantity or picked_grams is sent',
};

const PICK_RULES = {
  allOf: [
    {
      if: { properties: { picked_status: { const: 'REPLACED' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['replacement_product_id'], properties: { replacement_product_id: { type: 'integer' } } },
      else: { properties: { replacement_product_id: { type: 'null' } } },
    },
    {
      if: { properties: { picked_status: { enum: ['PENDING', 'MISSING'] } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { picked_quantity: { type: 'null' }, picked_grams: { type: 'null' } } },
    },
  ],
};

export const PickBody = z
  .strictObject({
    ...pick,
    override_reason: line(1, 300).nullish().meta({
      description: 'With it a manager may record a weight out of tolerance.',
      example: null,
    }),
  })
  .refine(hasItsReplacement, replacementRule)
  .refine(hasItsAmount, amountRule)
  .meta(PICK_RULES);

const PickOperation = z
  .strictObject({
    op_id: z.uuid().meta({ description: 'Chosen by the handheld, the same whenever this operation is sent again.' }),
    order_id: Id,
    item_id: Id,
    ...pick,
    at: z.iso
      .datetime({ offset: true })
      .refine((at) => at >= '2000', 'must not be before 2000')
      .meta({ description: 'When it happened, by the clock of the handheld.', example: '2026-03-01T08:15:00Z' }),
  })
  .refine(hasItsReplacement, replacementRule)
  .refine(hasItsAmount, amountRule)
  .meta({ id: 'PickOperation', ...PICK_RULES });

export const PicksBody = z.strictObject({ operations: z.array(PickOperation).min(1).max(200) });

export const PickResults = z
  .object({
    results: z
      .array(
        z.object({
          op_id: z.string(),
          result: z.enum(['ok', 'repeated', 'error']),
          superseded: z.boolean().meta({ description: 'The line had been set by something later: it stays so.' }),
          error_code: z.string().optional().meta({ example: 'WEIGHT_OUT_OF_RANGE' }),
          message: z.string().optional().meta({ example: 'This weight is out of tolerance.' }),
        }),
      )
      .meta({ description: 'One for each operation, in the order in which they were sent.' }),
  })
  .meta({ id: 'PickResults' });

export const DamageBody = z.strictObject({
  reason: line(1, 300),
  notes: paragraph(0, 2000).nullish(),
  quantity: z.int().min(1).max(MAX_UNITS).nullish().meta({ description: "Units of the branch's stock to write off." }),
});

export const DamageReported = z.object({ reported: z.literal(true) });

export const BatchBody = z.strictObject({
  order_ids: z
    .array(Id)
    .min(1)
    .max(20)
    .refine((ids) => new Set(ids).size === ids.length, 'must not name an order twice')
    .meta({ uniqueItems: true }),
});

const BatchStatus = z.enum(BATCH_STATUSES).meta({ id: 'BatchStatus' });

export const BatchesQuery = Page.extend({ status: BatchStatus.optional() });

export const Batch = z
  .object({
    id: z.int(),
    status: BatchStatus,
    created_by: z.int(),
    created_at: Instant,
    completed_at: Instant.nullable(),
    orders: z.array(
      z.object({
        order_id: z.int(),
        order_number: z.string(),
        status: Status,
        items_pending: z.int(),
        items_count: z.int(),
      }),
    ),
    pick_list: z
      .array(
        z.object({
          product_id: z.int(),
          name: z.string(),
          sku: z.string(),
          bin_location: z.string().nullable(),
          quantity: z.int(),
          lines: z.array(
            z.object({ order_id: z.int(), item_id: z.int(), quantity: z.int(), picked_status: PickedStatus }),
          ),
        }),
      )
      .meta({ description: 'By product, in bin order; without the lines of canceled orders.' }),
  })
  .meta({ id: 'Batch' });

export type BatchRow = z.input<typeof Batch>;

export const Performance = z
  .object({
    batchEfficiency: z.int().meta({
      description: 'Percentage of picked units in open batches and in batches completed today.',
    }),
    livePickers: z.int().meta({ description: 'Pickers who settled a line within the last `pickerWindowMinutes`.' }),
    activeOrders: z.int().meta({ description: 'Orders not delivered or canceled yet.' }),
    totalOrders: z.int().meta({ description: 'Active orders and orders delivered today.' }),
    pickedItems: z.int().meta({ description: 'Units of those orders that were picked or replaced.' }),
    totalItems: z.int().meta({ description: 'Units of those orders.' }),
    pickerWindowMinutes: z.int(),
    pickers: z
      .array(
        z.object({
          user_id: z.int(),
          name: z.string(),
          items_picked: z.int().meta({ description: 'Units picked or replaced today.' }),
          orders_completed: z.int().meta({ description: 'Orders that the picker made READY today.' }),
          average_seconds_per_item: z.int().nullable().meta({
            description: 'From one settled line to the next, without breaks; null with fewer than two.',
          }),
        }),
      )
      .meta({ description: 'Pickers who settled a line today, most units first.' }),
  })
  .meta({ id: 'Performance' });

export const Alert = z
  .object({
    id: z.string().meta({ example: 'ORDER_LATE:17' }),
    text: z.string(),
    kind: z.literal('alert'),
    type: z.enum([
      'ORDER_LATE',
      'LOW_STOCK',
      'PAYMENT_STUCK',
      'LATE_CHARGE',
      'CAPTURE_STUCK',
      'AUTHORIZATION_LAPSED',
      'VOID_FAILED',
      'PAYMENT_DISPUTED',
      'REFUND_STUCK',
      'REFUND_FAILED',
      'MAIL_STUCK',
      'MAIL_FAILED',
      'STOCK_REQUEST_WAITING',
      'CLAIM_WAITING',
      'REFUND_WAITING',
      'WEBHOOK_DISABLED',
    ]),
    severity: z.enum(['critical', 'warning', 'info']),
    created_at: Instant.meta({ description: 'Start of the condition.' }),
    time: z.string().meta({ description: 'The same as time of day in the time zone of the shop.', example: '09:30' }),
    entity_type: z.enum([
      'order',
      'inventory',
      'payment',
      'refund',
      'outbox',
      'stock_request',
      'claim',
      'refund_request',
      'webhook',
    ]),
    entity_id: z.int(),
    order_id: z.int().nullable(),
    branch_id: z.int().nullable(),
  })
  .meta({ id: 'Alert' });
