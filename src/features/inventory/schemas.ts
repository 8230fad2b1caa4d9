import * as z from 'zod';
import { importAnswer } from '../../csv-import.ts';
import { MOVEMENT_REASONS } from '../../db/schema/words.ts';
import { FlagText, Id, IdText, Instant, idempotencyKey, limitText, line, Page, searchText } from '../../http/fields.ts';
import { MAX_ON_HAND } from './limits.ts';

const Quantity = z.int().min(0).max(MAX_ON_HAND);
const IgnoredReserved = z.number().nullish().meta({ description: 'Ignored: holds belong to carts.' });
const Reason = line(0, 300).nullish().meta({ description: 'Stored as the note of the movement.' });

export const InventoryRow = z
  .object({
    id: Id,
    product_id: Id,
    branch_id: Id,
    branch_name: z.string(),
    product_name: z.string(),
    product_sku: z.string(),
    available_quantity: z.int().meta({ description: 'Units on hand, including held ones.' }),
    reserved_quantity: z.int().meta({ description: 'Units held by carts in checkout.' }),
    reorder_point: z.int(),
    updated_at: Instant,
  })
  .meta({ id: 'InventoryRow' });

export const InventoryQuery = Page.extend({
  branch_id: IdText.optional(),
  product_id: IdText.optional(),
  low_stock: FlagText.optional().meta({
    description: 'True: only rows at or below their reorder point. False: no filter.',
  }),
  q: searchText(0, 100).optional().meta({ description: 'Matched literally in name and SKU of the product.' }),
});

/** The existing console sums up and exports from one page. */
export const AdminInventoryQuery = InventoryQuery.extend({ limit: limitText(20, 10_000) });

export const NewInventory = z
  .strictObject({
    product_id: Id,
    branch_id: Id,
    available_quantity: Quantity,
    reorder_point: Quantity.default(0),
    reserved_quantity: IgnoredReserved,
  })
  .meta({ id: 'NewInventory' });

export const InventoryChange = z
  .strictObject({
    available_quantity: Quantity.optional().meta({ description: 'A count: the new quantity on hand.' }),
    delta: z
      .int()
      .min(-MAX_ON_HAND)
      .max(MAX_ON_HAND)
      .optional()
      .meta({ description: 'An adjustment: units added or, if negative, removed.' }),
    reorder_point: Quantity.optional(),
    reason: Reason,
    expected_available_quantity: z.int32().min(0).optional().meta({
      description: 'The quantity you have seen; fails with STALE_QUANTITY if it has changed.',
    }),
    reserved_quantity: IgnoredReserved,
  })
  .refine((change) => change.available_quantity === undefined || change.delta === undefined, {
    path: ['delta'],
    message: 'send available_quantity or delta, not both',
  })
  .refine(
    (change) => (change.available_quantity ?? change.delta ?? change.reorder_point) !== undefined,
    'send available_quantity, delta or reorder_point',
  )
  .meta({
    id: 'InventoryChange',
    oneOf: [
      { required: ['available_quantity'], properties: { delta: false } },
      { required: ['delta'], properties: { available_quantity: false } },
      { required: ['reorder_point'], properties: { available_quantity: false, delta: false } },
    ],
  });

/** What is done on the floor: counting. Adjustments and reorder points are for managers. */
export const InventoryCount = z
  .strictObject({ ...InventoryChange.shape, available_quantity: Quantity })
  .omit({ delta: true, reorder_point: true })
  .meta({ id: 'InventoryCount' });

export const Movement = z
  .object({
    id: z.int(),
    delta: z.int(),
    reason: z.enum(MOVEMENT_REASONS),
    note: z.string().nullable(),
    order_id: Id.nullable(),
    stock_request_id: Id.nullable(),
    actor_user_id: Id.nullable(),
    actor_name: z.string().nullable(),
    balance: z.int().meta({ description: 'On hand after this movement.' }),
    created_at: Instant,
  })
  .meta({ id: 'StockMovement' });

export const ImportHeaders = z.object({
  'idempotency-key': idempotencyKey('A unique value per file, the same for its retries.'),
});

export const ImportAnswer = importAnswer(['created', 'updated']).meta({ id: 'InventoryImport' });
