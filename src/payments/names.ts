/** Every payment provider there is; which of them a deployment takes is `PAYMENT_PROVIDERS`. */
export const PAYMENT_PROVIDERS = ['mockpay'] as const;
