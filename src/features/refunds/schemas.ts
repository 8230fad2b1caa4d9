import * as z from 'zod';
import { REFUND_REQUEST_STATUSES, REFUND_STATUSES, REFUND_TARGETS } from '../../db/schema/words.ts';
import { Id, Instant, idempotencyKey, line, Money, MoneyInput, optional, Page } from '../../http/fields.ts';
import { MAX_UNITS } from '../../limits.ts';

const RefundUnits = z
  .strictObject({ item_id: Id, quantity: z.int().min(1).max(MAX_UNITS) })
  .meta({ id: 'RefundUnits' });

export const NewRefund = z
  .strictObject({
    amount: optional(
      MoneyInput.refine((amount) => Number(amount) > 0, 'must be more than 0').meta({
        type: ['string', 'number'],
        description: 'An amount of the order.',
      }),
    ),
    items: optional(
      z
        .array(RefundUnits)
        .min(1)
        .max(200)
        .refine(
          (items) => new Set(items.map(({ item_id }) => item_id)).size === items.length,
          'must not name an item twice',
        ),
    ).meta({ description: 'Instead: units of its lines, each at what was paid for it.' }),
    reason: line(1, 300),
    to: optional(z.enum(REFUND_TARGETS)).meta({
      description: 'Default: the card as far as it paid, then store credit.',
    }),
  })
  .refine(({ amount, items }) => (amount === undefined) !== (items === undefined), {
    path: ['amount'],
    message: 'send either amount or items',
  })
  .meta({ id: 'NewRefund' });
export type NewRefundInput = z.output<typeof NewRefund>;

export const RefundHeaders = z.object({
  'idempotency-key': idempotencyKey('Required. One value for each refund, repeated with its retries.', {
    mayBeEmpty: true,
  }),
});

const Status = z.enum(REFUND_REQUEST_STATUSES).meta({ id: 'StaffRefundStatus' });

export const StaffRefund = z
  .object({
    id: z.int(),
    order_id: z.int(),
    order_number: z.string(),
    amount: Money,
    currency: z.string(),
    items: z.array(z.object({ item_id: z.int(), quantity: z.int() })).nullable(),
    to: z.enum(REFUND_TARGETS).meta({ description: 'CARD also when the card got its part and store credit the rest.' }),
    reason: z.string(),
    status: Status.meta({ description: 'PENDING until a second manager decides.' }),
    refund_id: z.int().nullable(),
    refund_status: z
      .enum(REFUND_STATUSES)
      .nullable()
      .meta({ description: 'State of the payout; null before the approval.' }),
    credit_amount: Money.meta({ description: 'The part that became store credit.' }),
    requested_by: z.int(),
    requester: z.string(),
    decided_by: z.int().nullable().meta({ description: 'The second manager; null when none was needed.' }),
    decided_at: Instant.nullable(),
    created_at: Instant,
  })
  .meta({ id: 'StaffRefund', description: 'A refund requested by a manager.' });
export type StaffRefundRow = z.input<typeof StaffRefund>;

export const RefundsQuery = Page.extend({ status: Status.optional() });

export const RefundDecision = z
  .strictObject({ status: z.enum(['APPROVED', 'REJECTED']) })
  .meta({ id: 'RefundDecision' });
