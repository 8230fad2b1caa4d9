/** All known payment providers; `PAYMENT_PROVIDERS` selects those that a deployment accepts. */
export const PAYMENT_PROVIDERS = ['mockpay', 'stripe'] as const;
export type ProviderName = (typeof PAYMENT_PROVIDERS)[number];
