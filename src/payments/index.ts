import { crashable } from '../crash.ts';
import { HttpPaymentProvider } from './http-provider.ts';
import { mockpay } from './mockpay.ts';
import { type PaymentProvider, UnknownPaymentProvider } from './provider.ts';

export interface PaymentConfig {
  /** `MOCKPAY_URL`: when set, mockpay is spoken to over HTTP there instead of being simulated in the Worker. */
  mockpayUrl?: string | undefined;
  /** How long an outcome is waited for before it counts as unknown. */
  paymentTimeoutMs: number;
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

export { carriesBehaviour, tokenizeCard } from './mockpay.ts';
export * from './provider.ts';
