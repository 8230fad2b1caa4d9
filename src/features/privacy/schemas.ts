import * as z from 'zod';
import { Id, Instant, Money } from '../../http/fields.ts';
import { User } from '../auth/schemas.ts';
import { AmendedOrder } from '../orders/schemas.ts';
import { AppliedDiscount } from '../promotions/applied.ts';

export const DeletionBody = z
  .strictObject({ password: z.string().min(1).max(256).meta({ format: 'password', example: 'Carmel-2026' }) })
  .meta({ id: 'DeletionBody' });

export const Deletion = z
  .object({ success: z.literal(true), erase_after: Instant.meta({ description: 'When what is personal is erased.' }) })
  .meta({ id: 'Deletion' });

const text = z.string();
const words = z.string().nullable();
const when = Instant.nullable();
const made = { created_at: Instant };

const Substitutes = z.array(Id).nullable().meta({ description: 'The products chosen instead, for SPECIFIC.' });

const OrderedItem = z.object({
  product_id: Id,
  name: text,
  sku: text,
  quantity: z.int(),
  unit_price: Money,
  substitution_policy: text,
  substitution_ids: Substitutes,
  picked_status: text,
  picked_quantity: z.int().nullable(),
  picked_grams: z.int().nullable(),
  replacement_name: words,
});
const Amended = z.object({
  status: text,
  total: Money,
  difference: Money,
  before: AmendedOrder.nullable(),
  after: AmendedOrder.nullable(),
  confirmed_at: when,
  ...made,
});

const Proposed = z.object({
  order_item_id: Id,
  product_id: Id,
  quantity: z.int(),
  status: text,
  expires_at: Instant,
  answered_at: when,
  ...made,
});
const Paid = z.object({ provider: text, reference: words, status: text, amount: Money, credit_amount: Money, ...made });
const PaidBack = z.object({ amount: Money, credit_amount: Money, reason: text, status: text, ...made });
const Receipt = z.object({ serial: z.int(), year: z.int(), issued_at: Instant, customer_name: words, total: Money });

const Orders = z.array(
  z.object({
    id: Id,
    order_number: text,
    status: text,
    fulfillment_type: text,
    branch_id: Id,
    total_amount: Money,
    delivery_fee: Money,
    currency: text,
    delivery_address: words,
    window_start: when,
    window_end: when,
    placed_at: when,
    delivered_at: when,
    canceled_at: when,
    ...made,
    items: z.array(OrderedItem),
    proposals: z.array(Proposed),
    amendments: z.array(Amended),
    discounts: z.array(AppliedDiscount),
    payments: z.array(Paid),
    refunds: z.array(PaidBack),
    receipts: z.array(Receipt),
  }),
);

const Work = z.object({
  stock_requests: z.array(
    z.object({ id: Id, branch_id: Id, product_id: Id, quantity: z.int(), reason: words, status: text, ...made }),
  ),
  damage_reports: z.array(z.object({ id: Id, order_item_id: Id.nullable(), reason: text, notes: words, ...made })),
  refund_requests: z.array(z.object({ id: Id, order_id: Id, amount: Money, reason: text, status: text, ...made })),
  batches: z.array(z.object({ id: Id, status: text, ...made })),
  api_keys: z.array(z.object({ id: Id, name: text, revoked_at: when, ...made })),
});

export const PersonalData = z
  .object({
    exported_at: Instant,
    profile: User.extend({
      membership_tier: text,
      substitution_policy: text,
      language: words.meta({ description: 'Of mails; null: English.', example: 'he' }),
      default_branch_id: Id.nullable(),
      password_changed_at: Instant,
      totp_enabled_at: when,
      updated_at: Instant,
      ...made,
    }),
    addresses: z.array(
      z.object({
        id: Id,
        address_line: text,
        city: text,
        postal_code: text,
        country: text,
        is_default: z.boolean(),
        lat: z.number().nullable(),
        lng: z.number().nullable(),
        ...made,
      }),
    ),
    payment_methods: z.array(
      z.object({
        id: Id,
        provider: text,
        brand: words,
        last4: words,
        exp_month: z.int().nullable(),
        exp_year: z.int().nullable(),
        is_active: z.boolean(),
        ...made,
      }),
    ),
    provider_accounts: z.array(z.object({ provider: text, reference: text, ...made })),
    sessions: z.array(
      z.object({
        id: Id,
        user_agent: words,
        ip: words,
        last_used_at: Instant,
        expires_at: Instant,
        revoked_at: when,
        ...made,
      }),
    ),
    orders: Orders,
    carts: z.array(
      z.object({
        id: Id,
        status: text,
        coupon: words.meta({ description: 'The code that was entered.', example: 'SPRING10' }),
        ...made,
        items: z.array(
          z.object({
            product_id: Id,
            quantity: z.int(),
            substitution_policy: words.meta({ description: 'Null: that of the profile.' }),
            substitution_ids: Substitutes,
            ...made,
          }),
        ),
      }),
    ),
    lists: z.array(
      z.object({ id: Id, name: text, ...made, items: z.array(z.object({ product_id: Id, quantity: z.int() })) }),
    ),
    wishlist: z.array(z.object({ product_id: Id, ...made })),
    reviews: z.array(
      z.object({
        id: Id,
        product_id: Id,
        rating: z.int(),
        title: words,
        body: words,
        verified_purchase: z.boolean(),
        ...made,
      }),
    ),
    notifications: z.array(
      z.object({
        id: Id,
        type: text,
        order_id: Id.nullable(),
        details: z.record(z.string(), z.unknown()),
        read_at: when,
        ...made,
      }),
    ),
    claims: z.array(
      z.object({
        id: Id,
        order_id: Id,
        wanted: text,
        status: text,
        amount: Money,
        approved_amount: Money.nullable(),
        note: words,
        ...made,
        items: z.array(z.object({ order_item_id: Id, quantity: z.int(), problem: text, note: words })),
      }),
    ),
    credit: z.object({
      balances: z.array(z.object({ currency: text, balance: Money })),
      entries: z.array(
        z.object({
          amount: Money,
          balance: Money,
          currency: text,
          kind: text,
          reason: words,
          order_id: Id.nullable(),
          ...made,
        }),
      ),
    }),
    account_history: z
      .array(
        z.object({
          action: text,
          old_value: z.record(z.string(), z.unknown()).nullable(),
          new_value: z.record(z.string(), z.unknown()).nullable(),
          ...made,
        }),
      )
      .meta({ description: 'Sign-ins and changes of the account, newest first, the last 1,000.' }),
    work: Work,
  })
  .meta({ id: 'PersonalData' });
