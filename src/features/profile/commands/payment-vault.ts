import { sql } from 'drizzle-orm';
import { type Statement, statement } from '../../../db/statement.ts';
import { AppError, unavailable } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import {
  acceptsToken,
  type CardVault,
  type KnownPaymentMethod,
  PaymentOutcomeUnknown,
  providerFor,
} from '../../../payments/index.ts';

/** The provider at which customers enter their cards; undefined for one that takes them here. @throws AppError 400 */
export function vaultOf({ config }: SignedInCall, provider: string): CardVault | undefined {
  if (!acceptsToken(config, provider, undefined)) throw new AppError('PAYMENT_TOKEN_REFUSED');
  return providerFor(provider, config).vault;
}

const customerOf = (userId: number, provider: string): Statement<{ reference: string }> =>
  statement(sql`select reference from provider_customers where user_id = ${userId} and provider = ${provider}`);

/** Begins entering a card at the provider: the client goes on with the secret. */
export async function setUpPaymentToken(call: SignedInCall, provider: string) {
  const vault = vaultOf(call, provider);
  if (!vault) throw new AppError('PAYMENT_TOKEN_REFUSED', 'This provider needs no setup: send the card or its token.');
  const [[known]] = await call.batch([customerOf(call.user.userId, provider)]);
  const secret = known && (await answered(vault.beginSetup(known.reference)));
  const client_secret = secret ?? (await setUpNewCustomer(call, provider, vault, known?.reference));
  return { provider, client_secret, publishable_key: vault.publishableKey };
}

/**
 * Makes the caller known to the provider, on first use or when the provider has forgotten the earlier customer. Of two first uses
 * at once the second one's customer is left unused.
 */
async function setUpNewCustomer(
  call: SignedInCall,
  provider: string,
  vault: CardVault,
  forgotten: string | undefined,
): Promise<string> {
  const { userId } = call.user;
  const made = await answered(vault.createCustomer({ userId }));
  const [, [customer]] = await call.batch([
    statement(sql`
      insert into provider_customers as c (user_id, provider, reference) values (${userId}, ${provider}, ${made})
      on conflict (user_id, provider) do update set reference = excluded.reference where c.reference = ${forgotten ?? null}`),
    customerOf(userId, provider),
  ]);
  const secret = await answered(vault.beginSetup(customer?.reference ?? made));
  if (!secret) throw unavailable();
  return secret;
}

/** The caller's payment method as the provider knows it. @throws AppError 400 when it is not the caller's */
export async function vaultedCard(
  call: SignedInCall,
  { provider, vault, token }: { provider: string; vault: CardVault; token: string },
): Promise<KnownPaymentMethod & { customer: string }> {
  const [[customer]] = await call.batch([customerOf(call.user.userId, provider)]);
  const card = customer && (await answered(vault.paymentMethod(token, customer.reference)));
  if (!card) throw new AppError('PAYMENT_TOKEN_REFUSED');
  return { ...card, customer: customer.reference };
}

async function answered<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw error instanceof PaymentOutcomeUnknown ? unavailable(5, error) : error;
  }
}
