import * as z from 'zod';
import { PAYMENT_MODES, RECEIPT_LANGUAGES, WEIGHT_OVERAGES } from '../../db/schema/words.ts';
import { subsetOf } from '../../http/change.ts';
import { Id, Instant, line, Money, MoneyInput } from '../../http/fields.ts';

const CLOCK = String.raw`([01]\d|2[0-3]):([0-5]\d)`;
const HOURS = new RegExp(`^${CLOCK}-${CLOCK}$`);

const minutesOf = (hours: string): [number, number] => {
  const [openHour = 0, openMinute = 0, closeHour = 0, closeMinute = 0] = hours.split(/[:-]/).map(Number);
  return [openHour * 60 + openMinute, closeHour * 60 + closeMinute];
};

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Amounts have two decimals: with a currency of zero or three decimals, charges would be wrong by a factor of 100 or 10. */
const isCurrency = (currency: string): boolean =>
  CURRENCIES.has(currency) &&
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits === 2;

const ServiceHours = z
  .string()
  .trim()
  .regex(HOURS, 'must be two times of day such as 06:00-22:00')
  .refine((hours) => {
    const [opens, closes] = minutesOf(hours);
    return closes - opens >= 120;
  }, 'must be two hours or longer')
  .meta({ type: 'string', example: '06:00-22:00' });

const ReceiptLanguage = z.enum(RECEIPT_LANGUAGES);

export const Settings = z
  .object({
    delivery_min: Money,
    delivery_fee: Money,
    minimum_order_total: Money,
    slots: z.string().meta({ example: '06:00-22:00' }),
    currency: z.string(),
    refund_approval_over: Money.nullable().meta({
      description: 'A refund by staff above it needs a second manager; null: none does.',
    }),
    claim_hours: z.int().meta({ description: 'How long after the delivery a claim can be filed.' }),
    claim_auto_approve_under: Money.meta({ description: 'Claims up to it are approved automatically; 0: none.' }),
    payment_mode: z
      .enum(PAYMENT_MODES)
      .meta({ description: 'AUTHORIZE: reserve at confirm, take what is due at READY.' }),
    authorization_margin_percent: Money,
    branch_scoped_staff: z.boolean().meta({
      description:
        'Employees and managers see and change orders, stock and requests of their `default_branch_id` only; without one, none.',
    }),
    require_staff_totp: z.boolean().meta({
      description: 'Staff who have not set up two-step sign-in can do nothing but set it up.',
    }),
    proposal_minutes: z.int().meta({ description: 'How long a customer has to answer a proposal.', example: 5 }),
    weight_overage: z.enum(WEIGHT_OVERAGES).meta({
      description:
        'ABSORB: nobody pays more than was shown. CHARGE: with AUTHORIZE, a higher weight is charged up to its tolerance and the margin.',
    }),
    seller_name: z.string().meta({ description: 'Who sells, as receipts say it.' }),
    seller_address: z.string(),
    seller_tax_id: z.string(),
    receipt_language: ReceiptLanguage.meta({
      description: 'Of printed receipts, where the customer asks for no other.',
    }),
    require_zone: z.boolean().meta({ description: 'Deliver to the postal codes of the delivery zones alone.' }),
    updated_at: Instant,
    updated_by: Id.nullable(),
  })
  .meta({ id: 'Settings' });

export const SettingsChange = subsetOf(
  z.strictObject({
    delivery_min: MoneyInput,
    delivery_fee: MoneyInput,
    minimum_order_total: MoneyInput,
    slots: ServiceHours,
    currency: z
      .string()
      .refine(isCurrency, 'must be the ISO 4217 code of a currency with two decimals, such as ILS')
      .meta({ example: 'EUR' }),
    refund_approval_over: MoneyInput.nullable(),
    claim_hours: z.int().min(0).max(8760),
    claim_auto_approve_under: MoneyInput,
    payment_mode: z.enum(PAYMENT_MODES),
    authorization_margin_percent: MoneyInput.refine((percent) => Number(percent) <= 100, 'must be at most 100'),
    weight_overage: z.enum(WEIGHT_OVERAGES),
    proposal_minutes: z.int().min(1).max(60),
    seller_name: line(2, 100),
    seller_address: line(0, 200),
    seller_tax_id: line(0, 32),
    receipt_language: ReceiptLanguage,
    require_zone: z.boolean(),
    require_staff_totp: z.boolean(),
    branch_scoped_staff: z.boolean(),
  }),
).meta({ id: 'SettingsChange' });
