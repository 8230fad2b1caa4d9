import * as z from 'zod';
import { STOCK_REQUEST_STATUSES, STOCK_REQUEST_TYPES } from '../../db/schema/words.ts';
import { Id, IdText, Instant, Page, paragraph } from '../../http/fields.ts';
import { MAX_UNITS } from '../../limits.ts';

export const StockRequest = z
  .object({
    id: Id,
    branch_id: Id,
    branch_name: z.string(),
    product_id: Id,
    product_name: z.string(),
    product_sku: z.string(),
    quantity: z.int(),
    request_type: z.enum(STOCK_REQUEST_TYPES),
    status: z.enum(STOCK_REQUEST_STATUSES),
    reason: z.string().nullable(),
    rejection_reason: z.string().nullable(),
    actor_user_id: Id,
    requester: z.string(),
    reviewed_by: Id.nullable(),
    reviewed_at: Instant.nullable(),
    created_at: Instant,
  })
  .meta({ id: 'StockRequest' });

export const StockRequestQuery = Page.extend({
  status: z.enum(STOCK_REQUEST_STATUSES).optional(),
  branch_id: IdText.optional(),
});

export const NewStockRequest = z
  .strictObject({
    branch_id: Id,
    product_id: Id,
    quantity: z.int().min(1).max(MAX_UNITS),
    request_type: z.enum(STOCK_REQUEST_TYPES),
    reason: paragraph(0, 500).nullish(),
  })
  .meta({ id: 'NewStockRequest' });

// Any integer is accepted here: the review command checks the range and has its own error code for it.
export const Review = z
  .strictObject({
    status: z.enum(['APPROVED', 'REJECTED']),
    approved_quantity: z
      .number()
      .nullish()
      .meta({
        description: `1 to ${MAX_UNITS}, instead of the requested quantity; only with an approval.`,
      }),
    rejection_reason: paragraph(0, 500).nullish().meta({ description: 'Required with a rejection, and only there.' }),
  })
  .meta({
    id: 'StockRequestReview',
    if: { properties: { status: { const: 'REJECTED' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      required: ['rejection_reason'],
      properties: { rejection_reason: { type: 'string', minLength: 1 }, approved_quantity: { type: 'null' } },
    },
    else: { properties: { rejection_reason: { type: ['string', 'null'], maxLength: 0 } } },
  });

export const BulkReview = z
  .strictObject({
    items: z
      .array(Review.extend({ request_id: Id }))
      .min(1)
      .max(100),
  })
  .meta({ id: 'StockRequestBulkReview' });

export const BulkReviewAnswer = z
  .object({
    results: z.array(
      z.object({
        request_id: Id,
        status: z.enum(STOCK_REQUEST_STATUSES).meta({ description: 'The requested status.' }),
        result: z.enum(['ok', 'error']),
        error_code: z.string().optional(),
        message: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'StockRequestBulkReviewAnswer' });
