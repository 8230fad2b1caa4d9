import { crashable } from '../crash.ts';
import { HttpPaymentProvider } from './http-provider.ts';
import { carriesBehaviour, mockpay } from './mockpay.ts';
import type { ProviderName } from './names.ts';
import { type PaymentProvider, UnknownPaymentProvider } from './provider.ts';
import { type StripeConfig, StripeProvider } from './stripe.ts';

export interface PaymentConfig {
  /** `MOCKPAY_URL`: when set, mockpay is called over HTTP there instead of being simulated in the Worker. */
  mockpayUrl?: string | undefined;
  /** The keys of Stripe, where `PAYMENT_PROVIDERS` names it. */
  stripe?: StripeConfig | undefined;
  /** The timeout after which an outcome counts as unknown. */
  paymentTimeoutMs: number;
}

interface TokenRules {
  isDevelopment: boolean;
  /** `PAYMENT_PROVIDERS`: the providers of this deployment. */
  paymentProviders: readonly ProviderName[];
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
  return isConfigured && (isDevelopment || provider !== 'mockpay' || !carriesBehaviour(token ?? ''));
}

/** How each provider is made from the configuration; undefined where its keys are missing. */
const PROVIDERS: Record<ProviderName, (config: PaymentConfig) => PaymentProvider | undefined> = {
  mockpay: ({ mockpayUrl, paymentTimeoutMs }) =>
    mockpayUrl ? new HttpPaymentProvider({ baseUrl: mockpayUrl, timeoutMs: paymentTimeoutMs }) : mockpay,
  stripe: ({ stripe, paymentTimeoutMs }) => stripe && new StripeProvider(stripe, paymentTimeoutMs),
};

const made = new WeakMap<PaymentConfig, Map<string, PaymentProvider>>();

/**
 * The provider of a stored payment or payment token, made once for each configuration. A provider that takes no new payments
 * still settles its old ones. @throws UnknownPaymentProvider
 */
export function providerFor(name: string, config: PaymentConfig): PaymentProvider {
  const providers = made.get(config) ?? new Map<string, PaymentProvider>();
  made.set(config, providers);
  let provider = providers.get(name);
  if (!provider) {
    provider = isProviderName(name) ? PROVIDERS[name](config) : undefined;
    if (!provider) throw new UnknownPaymentProvider(name);
    if (CRASH_TESTS) provider = crashableProvider(provider);
    providers.set(name, provider);
  }
  return provider;
}

const isProviderName = (name: string): name is ProviderName => Object.hasOwn(PROVIDERS, name);

const crashableProvider = (provider: PaymentProvider): PaymentProvider => ({
  charge: (input) => crashable('charge', () => provider.charge(input)),
  authorize: (input) => crashable('authorize', () => provider.authorize(input)),
  capture: (input) => crashable('capture', () => provider.capture(input)),
  find: (key, context) => crashable('find', () => provider.find(key, context)),
  refund: (input) => crashable('refund', () => provider.refund(input)),
  findRefund: (input) => crashable('findRefund', () => provider.findRefund(input)),
  void: (input) => crashable('void', () => provider.void(input)),
  ...(provider.forgetsRefunds && { forgetsRefunds: true }),
  ...(provider.vault && { vault: provider.vault }),
  ...(provider.readWebhook && { readWebhook: provider.readWebhook.bind(provider) }),
});

export { settledAction, tokenizeCard } from './mockpay.ts';
export * from './provider.ts';
