import * as z from 'zod';
import { LANGUAGES } from '../db/schema/words.ts';
import { ORDER_STATUSES } from '../features/orders/statuses.ts';

/** Settings for sending mail, taken from the configuration. */
export interface EmailConfig {
  apiKey: string;
  senderEmail: string;
  resetTemplateId?: number | undefined;
  registerTemplateId?: number | undefined;
  frontendBaseUrl: string;
  /** Overrides the base URL of the Brevo API (including `/v3`) in tests and development; ignored in production. */
  apiUrl?: string | undefined;
  appEnv: string;
}

const to = z.object({
  email: z.email({ pattern: z.regexes.html5Email }).max(254),
  name: z.string().max(200).optional(),
  language: z.enum(LANGUAGES).nullish(),
});
const minutes = z.int().positive();
const money = z.string().regex(/^\d+\.\d{2}$/);
const order = { order_number: z.string().min(1).max(64), currency: z.string().length(3) };

const orderStatus = z.enum(ORDER_STATUSES);

/** The payload of an outbox row: the kind of mail, its recipient and its parameters. */
export const mailPayload = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('PASSWORD_RESET'),
    to,
    params: z.object({ token: z.string().min(1), full_name: z.string(), expires_minutes: minutes }),
  }),
  z.object({
    kind: z.literal('REGISTRATION_OTP'),
    to,
    params: z.object({ code: z.string().min(1), expires_minutes: minutes }),
  }),
  z.object({
    kind: z.literal('ORDER_CONFIRMED'),
    to,
    params: z.object({
      ...order,
      total_amount: money,
      /** The amount is reserved, and taken once the order is ready. */
      is_reserved: z.boolean().optional(),
      delivery_fee: money.nullish(),
      deposit_total: money.nullish(),
      items: z.array(z.object({ name: z.string(), quantity: z.int().positive(), line_total: money })).optional(),
      /** Place and time of fulfillment, as one line of text. */
      fulfillment: z.string().nullish(),
    }),
  }),
  z.object({
    kind: z.literal('ORDER_AMENDED'),
    to,
    params: z.object({
      ...order,
      total_amount: money,
      added_amount: money.nullish(),
      removed_amount: money.nullish(),
      is_reserved: z.boolean().optional(),
      delivery_fee: money.nullish(),
      deposit_total: money.nullish(),
      items: z.array(z.object({ name: z.string(), quantity: z.int().positive(), line_total: money })).optional(),
    }),
  }),
  z.object({
    kind: z.literal('ORDER_STATUS'),
    to,
    params: z.object({ order_number: order.order_number, status: orderStatus }),
  }),
  z.object({
    kind: z.literal('PAYMENT_FAILED'),
    to,
    params: z.object({ order_number: order.order_number }),
  }),
  z.object({
    kind: z.literal('ORDER_REFUNDED'),
    to,
    params: z.object({ ...order, amount: money, credit_amount: money.nullish(), reason: z.string().nullish() }),
  }),
]);

export type Mail = z.output<typeof mailPayload>;
