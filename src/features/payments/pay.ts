import type { Services } from '../../background.ts';
import { outcomeUnknown } from '../../errors.ts';
import { LEASE_SECONDS } from '../../idempotency/keys.ts';
import {
  type AuthorizeInput,
  acceptsToken,
  type PaymentOutcome,
  PaymentOutcomeUnknown,
  type PaymentProvider,
  providerFor,
  UnknownPaymentProvider,
} from '../../payments/index.ts';
import { find, outcomeOf, type PendingPayment } from './settle.ts';

/**
 * Charges or authorises the payment, as its mode says; after a lost response, asks the provider for the outcome.
 * @throws AppError 503 when the outcome is unknown: the payment stays pending until a retry or the scheduled job finds out
 */
export async function pay(services: Services, payment: PendingPayment, isOffSession = false): Promise<PaymentOutcome> {
  try {
    const provider = providerFor(payment.provider, services.config);
    if (!acceptsToken(services.config, payment.provider, payment.provider_token)) {
      return { status: 'DECLINED', reason: 'token_refused' };
    }
    const once = () => ask(provider, payment, isOffSession);
    return await once().catch((error: unknown) => {
      // A broken connection is retried once: repeating with the same key never charges twice. A timeout has used up the time.
      if (error instanceof PaymentOutcomeUnknown && error.reason === 'network') return once();
      throw error;
    });
  } catch (error) {
    if (error instanceof UnknownPaymentProvider) return { status: 'DECLINED', reason: 'unknown_provider' };
    if (!(error instanceof PaymentOutcomeUnknown)) throw error;
    const outcome = await find(services, payment);
    // Not found right after a lost answer proves nothing: the charge may still be on its way.
    if (outcome && outcome.status !== 'NOT_FOUND') return outcomeOf(outcome);
    throw outcomeUnknown(LEASE_SECONDS, error);
  }
}

function ask(provider: PaymentProvider, payment: PendingPayment, isOffSession: boolean): Promise<PaymentOutcome> {
  const input: AuthorizeInput = {
    amount: payment.amount,
    currency: payment.currency,
    providerToken: payment.provider_token,
    providerCustomer: payment.provider_customer,
    idempotencyKey: payment.idempotency_key,
  };
  return payment.mode === 'CHARGE' ? provider.charge(input) : provider.authorize({ ...input, isOffSession });
}
