import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { acceptsToken, tokenizeCard } from '../../../payments/index.ts';
import {
  clearDefault,
  guardOwned,
  guardRoom,
  isFirst,
  lockOwner,
  PAYMENT_TOKENS,
  promoteNewest,
} from '../default-choice.ts';
import type { NewPaymentToken } from '../payment-token-schemas.ts';
import { PAYMENT_TOKEN_COLUMNS, type PaymentTokenRow } from '../queries.ts';

type NewToken = z.output<typeof NewPaymentToken>;

export async function savePaymentToken(call: SignedInCall, body: NewToken) {
  const { userId } = call.user;
  const { provider, exp_month = null, exp_year = null, is_default = false } = body;
  const { providerToken, brand, last4 } = tokenOf(body);
  if (!acceptsToken(call.config, provider, providerToken)) throw new AppError('PAYMENT_TOKEN_REFUSED');
  const [, , , [saved]] = await call.batch([
    lockOwner(userId),
    guardRoom(PAYMENT_TOKENS, userId),
    clearDefault(PAYMENT_TOKENS, userId, is_default),
    statement<PaymentTokenRow>(sql`
      insert into payment_tokens (user_id, provider, provider_token, brand, last4, exp_month, exp_year, is_default)
      values (${userId}, ${provider}, ${providerToken}, ${brand}, ${last4}, ${exp_month}, ${exp_year},
              ${isFirst(PAYMENT_TOKENS, userId)})
      returning ${PAYMENT_TOKEN_COLUMNS}`),
  ]);
  if (!saved) throw new Error('Saving a payment token returned no row');
  return { payment_token_id: saved.id, ...saved };
}

/** Replaces the card number with a token, so that nothing after this sees the number. */
function tokenOf({ provider_token, card_number, brand, last4, exp_month, exp_year }: NewToken) {
  if (card_number !== undefined) return tokenizeCard({ card_number, exp_month, exp_year });
  return { providerToken: provider_token, brand: brand ?? null, last4: last4 ?? null };
}

export async function makePaymentTokenDefault(call: SignedInCall, id: number): Promise<PaymentTokenRow> {
  const { userId } = call.user;
  const [, , , [token]] = await call.batch([
    lockOwner(userId),
    guardOwned(PAYMENT_TOKENS, userId, id),
    clearDefault(PAYMENT_TOKENS, userId, true, id),
    statement<PaymentTokenRow>(sql`
      update payment_tokens set is_default = true, updated_at = now() where id = ${id}
      returning ${PAYMENT_TOKEN_COLUMNS}`),
  ]);
  if (!token) throw new AppError('PAYMENT_TOKEN_NOT_FOUND');
  return token;
}

/** Deactivated, not deleted: existing payments reference it. */
export async function removePaymentToken(call: SignedInCall, id: number) {
  const { userId } = call.user;
  const [, [removed]] = await call.batch([
    lockOwner(userId),
    statement(sql`
      update payment_tokens set is_active = false, is_default = false, updated_at = now()
      where id = ${id} and user_id = ${userId} and is_active
      returning id`),
    promoteNewest(PAYMENT_TOKENS, userId),
  ]);
  if (!removed) throw new AppError('PAYMENT_TOKEN_NOT_FOUND');
  return { success: true } as const;
}
