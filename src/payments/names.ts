/** All known payment providers; `PAYMENT_PROVIDERS` selects those that a deployment accepts. */
export const PAYMENT_PROVIDERS = ['mockpay'] as const;
