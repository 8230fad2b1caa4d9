import * as z from 'zod';
import { Id, optional, PLAIN } from '../../http/fields.ts';
import { cardDigits, InvalidCard, refuseExpired } from '../../payments/cards.ts';
import { PAYMENT_PROVIDERS } from '../../payments/names.ts';
import { holdsCardNumber } from './card-number.ts';

const ExpiryMonth = z.int().min(1).max(12);
const ExpiryYear = z.int().min(2000).max(2100);

export const PaymentToken = z
  .object({
    id: Id,
    provider: z.string().meta({ example: 'mockpay' }),
    brand: z.string().nullable().meta({ example: 'visa' }),
    last4: z.string().nullable().meta({ example: '4242' }),
    exp_month: z.int().nullable().meta({ example: 12 }),
    exp_year: z.int().nullable().meta({ example: 2030 }),
    is_default: z.boolean(),
  })
  .meta({ id: 'PaymentToken' });

export const SavedPaymentToken = PaymentToken.extend({
  payment_token_id: Id.meta({ description: 'The same as `id`.' }),
}).meta({ id: 'SavedPaymentToken' });

const fields = z.strictObject({
  provider: z.enum(PAYMENT_PROVIDERS),
  provider_token: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .regex(/^[\x20-\x7e]*$/, 'must be printable ASCII')
    .refine((token) => !holdsCardNumber(token), 'must be a token of the provider, never a card number')
    .optional()
    .meta({ example: 'tok_approve_1' }),
  card_number: z.string().max(40).optional().meta({ example: '4242 4242 4242 4242' }),
  brand: z
    .string()
    .trim()
    .regex(/^[\p{L}][\p{L} .&-]{0,31}$/u, 'must be the name of a card brand')
    .regex(PLAIN, 'must be the name of a card brand')
    .nullish(),
  last4: z
    .string()
    .regex(/^\d{4}$/, 'must be 4 digits')
    .nullish(),
  exp_month: ExpiryMonth.nullish(),
  exp_year: ExpiryYear.nullish(),
  is_default: optional(z.boolean()),
});

export const NewPaymentToken = fields
  .superRefine(checkSource)
  .superRefine(checkCard)
  .meta({
    id: 'NewPaymentToken',
    oneOf: [
      { required: ['provider_token'] },
      { required: ['card_number'], properties: { brand: { type: 'null' }, last4: { type: 'null' } } },
    ],
  });

type Fields = z.output<typeof fields>;

function checkSource(body: Fields, context: z.RefinementCtx): void {
  const problem = (path: keyof Fields, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (body.provider_token === undefined && body.card_number === undefined) {
    problem('provider_token', 'send either provider_token or card_number');
  }
  if (body.card_number === undefined) return;
  if (body.provider_token !== undefined) problem('card_number', 'send either provider_token or card_number, not both');
  if (body.brand != null) problem('brand', 'is read from the card number');
  if (body.last4 != null) problem('last4', 'is read from the card number');
}

/** Error messages never contain the card number. */
function checkCard(body: Fields, context: z.RefinementCtx): void {
  try {
    refuseExpired({ card_number: '', exp_month: body.exp_month, exp_year: body.exp_year }, new Date());
    if (body.card_number !== undefined) cardDigits(body.card_number);
  } catch (error) {
    if (!(error instanceof InvalidCard)) throw error;
    context.addIssue({ code: 'custom', path: [error.path], message: error.message });
  }
}

export const NewSetup = z.strictObject({ provider: z.enum(PAYMENT_PROVIDERS) }).meta({ id: 'NewPaymentSetup' });

export const PaymentSetup = z
  .object({ provider: z.string(), client_secret: z.string(), publishable_key: z.string() })
  .meta({ id: 'PaymentSetup' });
