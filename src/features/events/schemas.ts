import * as z from 'zod';
import { Id, Instant, limitText } from '../../http/fields.ts';

const FORM = /^(\d{1,20})-(\d{1,19})$/;
const MAX_XID = 2n ** 64n - 1n;
const MAX_NUMBER = 2n ** 63n - 1n;

/** The position of an event, as it was received: two numbers for the database, opaque to clients. */
export const Position = z
  .string()
  .refine((position) => {
    const [, xid, number] = FORM.exec(position) ?? [];
    return xid !== undefined && BigInt(xid) <= MAX_XID && BigInt(number ?? 0) <= MAX_NUMBER;
  }, 'must be the position of an event')
  .meta({ pattern: FORM.source, example: '90211-418' });

/** The types of events; clients ignore those that they do not know. */
export const EVENT_TYPES = [
  'order.created',
  'order.status_changed',
  'order.item_changed',
  'order.amended',
  'order.proposal_changed',
  'order.updated',
  'payment.pending',
  'payment.action_required',
  'payment.authorized',
  'payment.captured',
  'payment.declined',
  'payment.failed',
  'payment.voided',
  'payment.refunded',
  'payment.disputed',
  'payment.updated',
  'claim.created',
  'claim.decided',
  'claim.updated',
  'product.created',
  'product.updated',
  'stock.out',
  'stock.in',
] as const;

const text = z.string().optional();
const textOrNull = z.string().nullish();
const id = z.int().optional();

/** What is true after the event; which fields there are depends on the kind of entity. No names, addresses or other personal data. */
const EventData = z
  .object({
    order_id: id,
    order_number: text,
    status: text,
    previous_status: textOrNull,
    fulfillment_type: text,
    branch_id: id,
    total_amount: text,
    currency: text,
    item_id: id,
    proposal_id: id,
    product_id: id,
    quantity: z.int().optional(),
    picked_status: text,
    replacement_product_id: z.int().nullish(),
    replacement_name: textOrNull,
    replacement_unit_price: textOrNull,
    provider: text,
    amount: text,
    captured_amount: textOrNull,
    credit_amount: text,
    refunded_amount: text,
    wanted: text,
    approved_amount: textOrNull,
    sku: text,
    name: text,
    price: text,
    old_price: textOrNull,
    category_id: id,
    is_active: z.boolean().optional(),
    on_hand: z.int().optional(),
  })
  .meta({ id: 'EventData', example: { order_number: 'MS-7KQ2', status: 'READY', previous_status: 'IN_PROGRESS' } });

export const ShopEvent = z
  .object({
    id: z.int().meta({ example: 418 }),
    position: Position.meta({ description: 'Where to read on: `after=` of the next request.' }),
    type: z.string().meta({ example: 'order.status_changed', description: `Among them: ${EVENT_TYPES.join(', ')}.` }),
    entity_type: z.string().meta({ example: 'order' }),
    entity_id: Id,
    version: z.int().meta({ description: 'Rises with each change of the entity.' }),
    data: EventData,
    created_at: Instant,
  })
  .meta({ id: 'ShopEvent' });
export type EventRow = z.input<typeof ShopEvent>;

export const EventsQuery = z.object({
  after: Position.optional().meta({ description: 'The position of the last event read; without it, from the first.' }),
  limit: limitText(100),
});
