import * as z from 'zod';
import { RECEIPT_LANGUAGES } from '../../db/schema/words.ts';
import { Instant, Money } from '../../http/fields.ts';

/** Of an amount in the example of the document, which adds up. */
const amount = (example: string, description?: string) => Money.meta({ example, ...(description && { description }) });

const Rate = Money.meta({ description: 'In percent.', example: '18.00' });

const Vat = z
  .object({ rate: Rate, net: amount('47.29'), vat: amount('8.51') })
  .meta({ id: 'ReceiptVat', description: 'VAT of all amounts at one rate, rounded half up once. Deposits bear none.' });

const Line = z
  .object({
    name: z.string(),
    sku: z.string(),
    quantity: z.int(),
    grams: z.int().nullable().meta({ example: null }),
    unit_price: Money,
    discount: amount('0.00'),
    amount: amount('25.80', 'Of the goods, after the discount, with VAT.'),
    vat_rate: Rate,
  })
  .meta({ id: 'ReceiptLine' });

const CreditNote = z
  .object({
    number: z.string().meta({ example: 'C1-2026-000007' }),
    issued_at: Instant,
    amount: amount('13.20', 'Negative where a refund failed: it takes an earlier note back.'),
    reason: z.string().meta({ example: 'MISSING' }),
    lines: z
      .array(
        z.object({
          name: z.string(),
          sku: z.string(),
          quantity: z.int().meta({ example: 1 }),
          amount: amount('12.90'),
          deposit: amount('0.30'),
          vat_rate: Rate,
        }),
      )
      .meta({ description: 'Empty for a refund of an amount.' }),
    deposit_total: amount('0.30'),
    vat: z.array(Vat.meta({ example: { rate: '18.00', net: '10.93', vat: '1.97' } })),
  })
  .meta({ id: 'CreditNote' });

export const Receipt = z
  .object({
    number: z.string().meta({ description: 'Gapless per branch and year.', example: 'R1-2026-000042' }),
    issued_at: Instant,
    order_number: z.string(),
    currency: z.string(),
    seller: z.object({
      name: z.string().meta({ example: 'Mami Supermarket' }),
      address: z.string().meta({ example: '3 HaTaasiya Street, Haifa' }),
      tax_id: z.string().meta({ example: '515151515' }),
    }),
    customer: z.object({ name: z.string().nullable().meta({ example: 'Dana Levi' }), address: z.string().nullable() }),
    lines: z.array(Line),
    deposits: z.array(z.object({ name: z.string(), quantity: z.int(), amount: amount('0.60') })),
    delivery_fee: Money,
    discounts: z
      .array(z.object({ name: z.string(), amount: Money }))
      .meta({ description: 'Those in the lines, by line.', example: [] }),
    vat: z.array(Vat),
    total: amount('56.40'),
    paid: z.array(z.object({ method: z.enum(['CARD', 'CREDIT']), amount: amount('56.40') })),
    credit_notes: z.array(CreditNote),
  })
  .meta({ id: 'Receipt' });
export type ReceiptRow = z.input<typeof Receipt>;
export type ReceiptData = z.output<typeof Receipt>;

export const ReceiptQuery = z.object({
  lang: z
    .enum(RECEIPT_LANGUAGES)
    .optional()
    .meta({ description: 'Of the page. Default: the `Accept-Language`, else the language of the settings.' }),
});

export const ReceiptHeaders = z.object({
  accept: z.string().optional(),
  'accept-language': z.string().optional().meta({ example: 'he' }),
});
