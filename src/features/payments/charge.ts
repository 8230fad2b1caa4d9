import type { Services } from '../../background.ts';
import { outcomeUnknown } from '../../errors.ts';
import {
  acceptsToken,
  type ChargeResult,
  PaymentOutcomeUnknown,
  providerFor,
  UnknownPaymentProvider,
} from '../../payments/index.ts';
import { LEASE_SECONDS } from '../checkout/idempotency.ts';
import { find, type PendingPayment } from './settle.ts';

/**
 * Charges the customer; after a lost response, asks the provider for the outcome.
 * @throws AppError 503 when the outcome is unknown: the payment stays pending until a retry or the scheduled job finds out
 */
export async function charge(services: Services, payment: PendingPayment): Promise<ChargeResult> {
  const { amount, currency, provider_token: providerToken, idempotency_key: idempotencyKey } = payment;
  try {
    const provider = providerFor(payment.provider, services.config);
    if (!acceptsToken(services.config, payment.provider, providerToken)) {
      return { status: 'DECLINED', reason: 'token_refused' };
    }
    const once = () => provider.charge({ amount, currency, providerToken, idempotencyKey });
    return await once().catch((error: unknown) => {
      // A broken connection is retried once: repeating with the same key never charges twice. A timeout has used up the time.
      if (error instanceof PaymentOutcomeUnknown && error.reason === 'network') return once();
      throw error;
    });
  } catch (error) {
    if (error instanceof UnknownPaymentProvider) return { status: 'DECLINED', reason: 'unknown_provider' };
    if (!(error instanceof PaymentOutcomeUnknown)) throw error;
    const outcome = await find(services, payment);
    // "Not found" right after a lost response proves nothing: the charge may still be in progress.
    if (outcome && outcome.status !== 'NOT_FOUND') return outcome;
    throw outcomeUnknown(LEASE_SECONDS, error);
  }
}
