import * as z from 'zod';
import { CLAIM_PROBLEMS, CLAIM_STATUSES, CLAIM_WISHES } from '../../db/schema/words.ts';
import { Id, IdText, Instant, Money, Page, paragraph } from '../../http/fields.ts';
import { MAX_UNITS } from '../../limits.ts';
import { LineName } from '../orders/schemas.ts';

const Problem = z.enum(CLAIM_PROBLEMS).meta({ id: 'ClaimProblem' });
const Status = z.enum(CLAIM_STATUSES).meta({ id: 'ClaimStatus' });
const Units = z.int().min(1).max(MAX_UNITS);

export const NewClaim = z
  .strictObject({
    items: z
      .array(
        z
          .strictObject({ item_id: Id, quantity: Units, problem: Problem, note: paragraph(0, 1000).nullish() })
          .meta({ id: 'NewClaimItem' }),
      )
      .min(1)
      .max(200),
    wanted: z.enum(CLAIM_WISHES),
  })
  .meta({ id: 'NewClaim' });

export const Claim = z
  .object({
    id: z.int(),
    order_id: z.int(),
    order_number: z.string(),
    status: Status,
    wanted: z.enum(CLAIM_WISHES),
    amount: Money.meta({ description: 'What was paid for the units claimed.' }),
    approved_amount: Money.nullable().meta({ description: 'What is refunded; null while the claim is OPEN.' }),
    currency: z.string(),
    is_automatic: z.boolean().meta({ description: 'Approved by the setting, without a manager.' }),
    note: z.string().nullable().meta({ description: "The shop's reply." }),
    refund_id: z.int().nullable(),
    created_at: Instant,
    decided_at: Instant.nullable(),
    items: z.array(
      z
        .object({
          item_id: z.int(),
          product_id: z.int(),
          name: LineName,
          quantity: z.int(),
          problem: Problem,
          note: z.string().nullable(),
          approved_quantity: z.int().nullable(),
        })
        .meta({ id: 'ClaimItem' }),
    ),
  })
  .meta({ id: 'Claim' });

export const StaffClaim = Claim.extend({
  user_id: z.int(),
  branch_id: z.int(),
  customer_name: z.string(),
  customer_phone: z.string().nullable(),
  decided_by: z.int().nullable(),
}).meta({ id: 'StaffClaim' });
export type ClaimRow = z.input<typeof StaffClaim>;

export const ClaimsQuery = Page.extend({ status: Status.optional(), branch_id: IdText.optional() });

export const ClaimDecisions = z
  .strictObject({
    decisions: z
      .array(z.strictObject({ item_id: Id, quantity: Units, approve: z.boolean() }).meta({ id: 'ClaimDecision' }))
      .min(1)
      .max(400),
    note: paragraph(0, 1000).nullish(),
  })
  .meta({ id: 'ClaimDecisions' });
