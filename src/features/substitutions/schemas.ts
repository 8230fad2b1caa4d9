import * as z from 'zod';
import { PROPOSAL_STATUSES, SUBSTITUTION_POLICIES } from '../../db/schema/words.ts';
import { Id, IdText, Instant, Money } from '../../http/fields.ts';
import { MAX_UNITS } from '../../limits.ts';

const Policy = z.enum(SUBSTITUTION_POLICIES).meta({ id: 'SubstitutionPolicy', example: 'STORE_CHOICE' });

export const Substitution = z
  .object({ policy: Policy, product_ids: z.array(Id).meta({ description: 'Empty unless SPECIFIC.', example: [] }) })
  .meta({ id: 'Substitution', description: 'What may be given when the shop does not have the product.' });

export const SubstitutionInput = z
  .strictObject({
    policy: Policy,
    product_ids: z
      .array(Id)
      .min(1)
      .max(5)
      .refine((ids) => new Set(ids).size === ids.length, 'must not name a product twice')
      .nullish()
      .meta({ uniqueItems: true, description: 'For SPECIFIC: the products that may be given.' }),
  })
  .refine((body) => (body.policy === 'SPECIFIC') === (body.product_ids != null), {
    path: ['product_ids'],
    message: 'is required for SPECIFIC, and only allowed there',
  })
  .meta({
    id: 'SubstitutionInput',
    example: { policy: 'ASK' },
    if: { properties: { policy: { const: 'SPECIFIC' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['product_ids'], properties: { product_ids: { type: 'array' } } },
    else: { properties: { product_ids: { type: 'null' } } },
  });

export type SubstitutionChoice = z.output<typeof SubstitutionInput>;

export const ProposalBody = z
  .strictObject({
    product_id: Id,
    quantity: z.int().min(1).max(MAX_UNITS).nullish().meta({ description: 'Default: all units of the line.' }),
  })
  .meta({ id: 'ProposalBody' });

export const Proposal = z
  .object({
    id: z.int(),
    order_id: z.int(),
    item_id: z.int(),
    product_id: z.int(),
    product_name: z.string(),
    image_url: z.string().nullable(),
    quantity: z.int(),
    unit_price: Money.meta({ description: 'What a unit costs the customer: never more than the original.' }),
    status: z.enum(PROPOSAL_STATUSES).meta({ example: 'OPEN' }),
    expires_at: Instant,
    answered_at: Instant.nullable(),
    created_at: Instant,
  })
  .meta({ id: 'Proposal' });
export type ProposalRow = z.input<typeof Proposal>;

export const Suggestion = z
  .object({
    product_id: z.int(),
    name: z.string(),
    sku: z.string(),
    price: Money,
    unit: z.string().nullable(),
    image_url: z.string().nullable(),
    bin_location: z.string().nullable(),
    unit_price: z
      .object({ amount: Money, per: z.string() })
      .nullable()
      .meta({ example: { amount: '3.18', per: '100g' } }),
    available_quantity: z.int(),
    is_chosen: z.boolean().meta({ description: 'The customer named it as a substitute.' }),
  })
  .meta({ id: 'Suggestion' });

export const ProposalParams = z.object({ id: IdText, pid: IdText });
