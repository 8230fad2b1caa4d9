import { crashable } from '../crash.ts';
import { HttpPaymentProvider } from './http-provider.ts';
import { carriesBehaviour, mockpay } from './mockpay.ts';
import type { PAYMENT_PROVIDERS } from './names.ts';
import { type PaymentProvider, UnknownPaymentProvider } from './provider.ts';

export interface PaymentConfig {
  /** `MOCKPAY_URL`: when set, mockpay is spoken to over HTTP there instead of being simulated in the Worker. */
  mockpayUrl?: string | undefined;
  /** How long an outcome is waited for before it counts as unknown. */
  paymentTimeoutMs: number;
}

interface TakenTokens {
  isDevelopment: boolean;
  /** `PAYMENT_PROVIDERS`: those that this deployment takes. */
  paymentProviders: readonly (typeof PAYMENT_PROVIDERS)[number][];
}

/**
 * Whether this deployment takes a token: by a provider it names, and in development alone one that makes mockpay do anything but
 * approve. Asked when a token is saved and again when it is charged, as the deployment may have changed between.
 */
export function takesToken(
  { paymentProviders, isDevelopment }: TakenTokens,
  provider: string,
  token: string | undefined,
): boolean {
  const isNamed = paymentProviders.some((name) => name === provider);
  return isNamed && (isDevelopment || !carriesBehaviour(token ?? ''));
}

/** The provider a stored payment token belongs to; throws `UnknownPaymentProvider`. */
export function providerFor(name: string, config: PaymentConfig): PaymentProvider {
  if (name !== 'mockpay') throw new UnknownPaymentProvider(name);
  const provider = config.mockpayUrl ? overHttp(config, config.mockpayUrl) : mockpay;
  return CRASH_TESTS ? crashableProvider(provider) : provider;
}

const overHttp = (config: PaymentConfig, baseUrl: string): PaymentProvider =>
  new HttpPaymentProvider({
    baseUrl,
    timeoutMs: config.paymentTimeoutMs,
  });

const crashableProvider = (provider: PaymentProvider): PaymentProvider => ({
  charge: (input) => crashable('charge', () => provider.charge(input)),
  find: (key, context) => crashable('find', () => provider.find(key, context)),
  refund: (input) => crashable('refund', () => provider.refund(input)),
  void: (input) => crashable('void', () => provider.void(input)),
});

export { tokenizeCard } from './mockpay.ts';
export * from './provider.ts';
