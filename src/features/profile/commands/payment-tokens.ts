import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { acceptsToken, type CardVault, tokenizeCard } from '../../../payments/index.ts';
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
import { vaultedCard, vaultOf } from './payment-vault.ts';

type NewToken = z.output<typeof NewPaymentToken>;

export async function savePaymentToken(call: SignedInCall, body: NewToken) {
  const { userId } = call.user;
  const { provider, is_default = false } = body;
  const vault = vaultOf(call, provider);
  const card = vault ? await vaultedCardOf(call, vault, body) : tokenOf(body);
  if (!acceptsToken(call.config, provider, card.providerToken)) throw new AppError('PAYMENT_TOKEN_REFUSED');
  const [, , , [saved]] = await call.batch([
    lockOwner(userId),
    guardRoom(PAYMENT_TOKENS, userId),
    clearDefault(PAYMENT_TOKENS, userId, is_default),
    statement<PaymentTokenRow>(sql`
      insert into payment_tokens (user_id, provider, provider_token, provider_customer, brand, last4, exp_month, exp_year,
                                  is_default)
      values (${userId}, ${provider}, ${card.providerToken}, ${card.customer}, ${card.brand}, ${card.last4},
              ${card.exp_month}, ${card.exp_year}, ${isFirst(PAYMENT_TOKENS, userId)})
      returning ${PAYMENT_TOKEN_COLUMNS}`),
  ]);
  if (!saved) throw new Error('Saving a payment token returned no row');
  return { payment_token_id: saved.id, ...saved };
}

/** Replaces the card number with a token, so that nothing after this sees the number. */
function tokenOf({ provider_token, card_number, brand, last4, exp_month = null, exp_year = null }: NewToken) {
  const rest = { customer: null, exp_month, exp_year };
  if (card_number !== undefined) return { ...tokenizeCard({ card_number, exp_month, exp_year }), ...rest };
  return { providerToken: provider_token, brand: brand ?? null, last4: last4 ?? null, ...rest };
}

/** What the client says of the card is not believed: it is read at the provider. */
async function vaultedCardOf(call: SignedInCall, vault: CardVault, { provider, provider_token: token }: NewToken) {
  if (token === undefined)
    throw new AppError('PAYMENT_TOKEN_REFUSED', 'Enter the card at the provider; see /me/payment-tokens/setup.');
  return { providerToken: token, ...(await vaultedCard(call, { provider, vault, token })) };
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
