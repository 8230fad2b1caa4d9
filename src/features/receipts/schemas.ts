import * as z from 'zod';
import { RECEIPT_LANGUAGES } from '../../db/schema/words.ts';
import { Instant, Money } from '../../http/fields.ts';

const Rate = Money.meta({ description: 'In percent.', example: '18.00' });

const Vat = z
  .object({ rate: Rate, net: Money, vat: Money })
  .meta({ id: 'ReceiptVat', description: 'VAT of all amounts at one rate, rounded half up once. Deposits bear none.' });

const Line = z
  .object({
    name: z.string(),
    sku: z.string(),
    quantity: z.int(),
    grams: z.int().nullable(),
    unit_price: Money,
    discount: Money,
    amount: Money.meta({ description: 'Of the goods, after the discount, with VAT.' }),
    vat_rate: Rate,
  })
  .meta({ id: 'ReceiptLine' });

const CreditNote = z
  .object({
    number: z.string().meta({ example: 'C1-2026-000007' }),
    issued_at: Instant,
    amount: Money.meta({ description: 'Negative where a refund failed: it takes an earlier note back.' }),
    reason: z.string().meta({ example: 'MISSING' }),
    lines: z
      .array(
        z.object({
          name: z.string(),
          sku: z.string(),
          quantity: z.int(),
          amount: Money,
          deposit: Money,
          vat_rate: Rate,
        }),
      )
      .meta({ description: 'Empty for a refund of an amount.' }),
    deposit_total: Money,
    vat: z.array(Vat),
  })
  .meta({ id: 'CreditNote' });

export const Receipt = z
  .object({
    number: z.string().meta({ description: 'Gapless per branch and year.', example: 'R1-2026-000042' }),
    issued_at: Instant,
    order_number: z.string(),
    currency: z.string(),
    seller: z.object({ name: z.string(), address: z.string(), tax_id: z.string() }),
    customer: z.object({ name: z.string().nullable(), address: z.string().nullable() }),
    lines: z.array(Line),
    deposits: z.array(z.object({ name: z.string(), quantity: z.int(), amount: Money })),
    delivery_fee: Money,
    discounts: z
      .array(z.object({ name: z.string(), amount: Money }))
      .meta({ description: 'Those in the lines, by line.' }),
    vat: z.array(Vat),
    total: Money,
    paid: z.array(z.object({ method: z.enum(['CARD', 'CREDIT']), amount: Money })),
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
