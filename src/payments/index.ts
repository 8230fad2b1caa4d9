import { HttpPaymentProvider } from './http-provider.ts';
import { mockpay } from './mockpay.ts';
import { type PaymentProvider, UnknownPaymentProvider } from './provider.ts';

export interface PaymentConfig {
  /** `MOCKPAY_URL`: when set, mockpay is spoken to over HTTP there instead of being simulated in the Worker. */
  mockpayUrl?: string | undefined;
  mockpayApiKey?: string | undefined;
  timeoutMs?: number | undefined;
}

/** Whose tokens can be saved. */
export const PAYMENT_PROVIDERS = ['mockpay'] as const;

/** The provider a stored payment token belongs to; throws `UnknownPaymentProvider`. */
export function providerFor(name: string, config: PaymentConfig): PaymentProvider {
  if (name !== 'mockpay') throw new UnknownPaymentProvider(name);
  if (!config.mockpayUrl) return mockpay;
  return new HttpPaymentProvider({
    baseUrl: config.mockpayUrl,
    apiKey: config.mockpayApiKey,
    timeoutMs: config.timeoutMs,
  });
}

export { InvalidCard } from './cards.ts';
export { tokenizeCard } from './mockpay.ts';
export * from './provider.ts';
