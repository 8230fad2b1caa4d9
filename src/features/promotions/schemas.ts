import * as z from 'zod';
import { PROMOTION_KINDS } from '../../db/schema/words.ts';
import { subsetOf } from '../../http/change.ts';
import { FlagText, Id, Instant, InstantInput, line, Money, MoneyInput, Page } from '../../http/fields.ts';
import { CouponCode } from './code.ts';

const Kind = z.enum(PROMOTION_KINDS).meta({ id: 'PromotionKind', example: 'PERCENT' });

export const Promotion = z
  .object({
    id: Id,
    name: z.string(),
    kind: Kind,
    value: Money.nullable(),
    take: z.int().nullable(),
    pay: z.int().nullable(),
    bundle_price: Money.nullable(),
    code: z.string().nullable(),
    starts_at: Instant.nullable(),
    ends_at: Instant.nullable(),
    branch_ids: z.array(Id).nullable(),
    product_ids: z.array(Id).nullable(),
    category_ids: z.array(Id).nullable(),
    tiers: z.array(z.string()).nullable(),
    minimum_total: Money.nullable(),
    limit_total: z.int().nullable(),
    limit_per_customer: z.int().nullable(),
    priority: z.int(),
    group: z.string().nullable(),
    is_active: z.boolean(),
    used: z.int().meta({ description: 'Orders that use it: neither declined nor canceled.' }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Promotion' });

/** An empty list is no filter, as none is. */
const filter = <S extends z.ZodType>(entry: S, most: number) =>
  z
    .array(entry)
    .max(most)
    .nullish()
    .transform((list) => (list?.length === 0 ? null : list));

const terms = {
  name: line(2, 100).meta({
    description: 'Unique; case, white space, invisible characters and Unicode form are ignored.',
  }),
  value: MoneyInput.nullish().meta({
    description:
      'PERCENT, COUPON_PERCENT: a percentage, more than 0 and at most 100. FIXED: an amount off each unit. MEMBER_PRICE: ' +
      'the price of a unit. COUPON_FIXED: an amount off the goods. Unused for FREE_DELIVERY and MULTI_BUY.',
    example: '10.00',
  }),
  take: z.int().min(2).max(1000).nullish().meta({ description: 'MULTI_BUY: the units of a group.', example: 3 }),
  pay: z
    .int()
    .min(1)
    .max(999)
    .nullish()
    .meta({ description: 'MULTI_BUY: the units of a group that are paid for.', example: 2 }),
  bundle_price: MoneyInput.nullish().meta({ description: 'MULTI_BUY: instead of `pay`, what a whole group costs.' }),
  code: CouponCode.nullish().meta({
    description: 'Applies only to carts with this coupon. Unique in whatever case; the COUPON_ kinds want one.',
  }),
  starts_at: InstantInput.nullish(),
  ends_at: InstantInput.nullish().meta({ description: 'Applies until just before.' }),
  branch_ids: filter(Id, 100).meta({ description: 'The branches that fulfil.' }),
  product_ids: filter(Id, 1000).meta({
    description: 'Covers these products and those of `category_ids`; without both, all.',
  }),
  category_ids: filter(Id, 100).meta({ description: 'With their subcategories.' }),
  tiers: filter(line(1, 32), 20).meta({ description: 'The `membership_tier` of customers.', example: ['GOLD'] }),
  minimum_total: MoneyInput.nullish().meta({
    description: 'Of all goods in the basket, before discounts and deposits.',
  }),
  limit_total: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .nullish()
    .meta({ description: 'How many orders can use it.', example: 100 }),
  limit_per_customer: z.int().min(1).max(1_000_000).nullish().meta({ example: 1 }),
  priority: z
    .int()
    .min(-1000)
    .max(1000)
    .optional()
    .meta({ description: 'High ones apply first. Default: 0.', example: 0 }),
  group: line(1, 50).nullish().meta({ description: 'Of a group, only the promotion that takes off most applies.' }),
};

export const NewPromotion = z
  .strictObject({ kind: Kind, ...terms, is_active: z.boolean().optional() })
  .meta({ id: 'NewPromotion' });

export const PromotionChange = subsetOf(z.strictObject({ ...terms, is_active: z.boolean() })).meta({
  id: 'PromotionChange',
});

export const PromotionFilters = Page.extend({ is_active: FlagText.optional() });
