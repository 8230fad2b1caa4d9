import { crashable } from '../crash.ts';
import { HttpPaymentProvider } from './http-provider.ts';
import { carriesBehaviour, mockpay } from './mockpay.ts';
import type { PAYMENT_PROVIDERS } from './names.ts';
import { type PaymentProvider, UnknownPaymentProvider } from './provider.ts';

export interface PaymentConfig {
  /** `MOCKPAY_URL`: when set, mockpay is called over HTTP there instead of being simulated in the Worker. */
  mockpayUrl?: string | undefined;
  /** The timeout after which an outcome counts as unknown. */
  paymentTimeoutMs: number;
}

interface TokenRules {
  isDevelopment: boolean;
  /** `PAYMENT_PROVIDERS`: the providers of this deployment. */
  paymentProviders: readonly (typeof PAYMENT_PROVIDERS)[number][];
}

/**
 * Whether this deployment accepts a token: only from its own providers; mockpay tokens that decline or time out in development
 * only. Checked when a token is saved and again when it is charged, because the configuration may have changed in between.
 */
export function acceptsToken(
  { paymentProviders, isDevelopment }: TokenRules,
  provider: string,
  token: string | undefined,
): boolean {
  const isConfigured = paymentProviders.some((name) => name === provider);
  return isConfigured && (isDevelopment || !carriesBehaviour(token ?? ''));
}

/** The provider of a stored payment token; throws `UnknownPaymentProvider`. */
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
