import * as z from 'zod';
import { PROMOTION_KINDS } from '../../db/schema/words.ts';
import { Id, IdText, Instant, Money, optional } from '../../http/fields.ts';
import { MAX_UNITS } from '../../limits.ts';
import { AppliedDiscount } from '../promotions/applied.ts';
import { CouponCode } from '../promotions/code.ts';
import { Substitution, SubstitutionInput } from '../substitutions/schemas.ts';

export const Quantity = z.int().min(1).max(MAX_UNITS).meta({ example: 2 });

const CartLine = z
  .object({
    id: Id,
    product_id: Id,
    quantity: z.int(),
    unit_price: Money,
    line_total: Money.meta({ description: 'Of the goods, without deposits, before `discount`.' }),
    discount: Money.meta({ description: 'What promotions take off the line.', example: '0.00' }),
    deposit: Money.nullable().meta({ description: 'For the container of one unit, beside the price; null: none.' }),
    product_name: z.string(),
    product_image: z.string().nullable(),
    sku: z.string(),
    unit: z.string().nullable(),
    available_quantity: z.int().meta({ description: 'Units available to this customer at the delivery branch.' }),
    is_available: z.boolean(),
    substitution: Substitution,
  })
  .meta({ id: 'CartLine' });

/** Why a coupon takes nothing off a cart. */
export const COUPON_REFUSALS = [
  'NOT_STARTED',
  'ENDED',
  'NOT_FOR_TIER',
  'NOT_FOR_BRANCH',
  'NOT_FOR_PRODUCTS',
  'BELOW_MINIMUM',
  'EXHAUSTED',
  'USED',
  'NOT_BEST',
] as const;

const Coupon = z
  .object({
    promotion_id: Id,
    code: z.string(),
    name: z.string(),
    kind: z.enum(PROMOTION_KINDS),
    is_applied: z.boolean(),
    reason: z
      .enum(COUPON_REFUSALS)
      .nullable()
      .meta({
        description:
          'Why it takes nothing off: USED: this customer has used it; NOT_BEST: another promotion of its group takes off ' +
          'more, or nothing is left to take off.',
      }),
    minimum_total: Money.nullable(),
  })
  .meta({ id: 'CartCoupon' });

export const Cart = z
  .object({
    id: Id,
    user_id: Id,
    total_amount: Money.meta({ description: 'Goods after discounts, and deposits.' }),
    deposit_total: Money,
    reserved_until: Instant.nullable().meta({
      description: 'End of the hold of checkout; null: no hold.',
    }),
    items: z.array(CartLine),
    discounts: z.array(AppliedDiscount).meta({ description: 'At the branch that ships deliveries.' }),
    coupon: Coupon.nullable(),
  })
  .meta({ id: 'Cart' });

export const AddItemBody = z.strictObject({ product_id: Id, quantity: Quantity }).meta({ id: 'AddItemBody' });
export const SetItemBody = z
  .strictObject({ quantity: Quantity, product_id: optional(Id), substitution: optional(SubstitutionInput) })
  .meta({ id: 'SetItemBody' });
export const CouponBody = z.strictObject({ code: CouponCode }).meta({ id: 'CouponBody' });
export const ItemParams = z.object({ item_id: IdText });

export const OrderParams = z.object({ order_id: IdText });

/** Why a line of an order or a list was left out, in the words of the errors that adding it would have. */
const SKIP_REASONS = [
  'PRODUCT_INACTIVE',
  'OUT_OF_STOCK_ANYWHERE',
  'OUT_OF_STOCK_DELIVERY_BRANCH',
  'CART_FULL',
] as const;

export const Refill = z
  .object({
    cart: Cart,
    skipped: z.array(
      z
        .object({
          product_id: Id,
          reason: z.enum(SKIP_REASONS),
          available_quantity: z
            .int()
            .meta({ description: 'Units that this customer could still put in the cart.', example: 2 }),
        })
        .meta({ id: 'SkippedLine' }),
    ),
    price_changes: z.array(
      z
        .object({
          product_id: Id,
          previous_price: Money.meta({ description: 'In the order, or when the product was put on the list.' }),
          price: Money,
        })
        .meta({ id: 'PriceChange' }),
    ),
  })
  .meta({ id: 'RefilledCart' });
