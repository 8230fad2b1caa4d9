import type { FakeCharge, FakeRefund } from './fake-payment-ledger.ts';
import type { Behaviour, ScriptStep } from './fake-payment-provider.ts';

/** Of a shop that soon gives up on its provider: with `shop.withEnv`, for as long as the provider is silent. */
export const IMPATIENT = { PAYMENT_TIMEOUT_MS: '2000' };

/** A test's own corner of the payment double: `url` is the provider's base URL (`MOCKPAY_URL`). */
export function paymentDouble(doubleUrl: string, tenant: string = crypto.randomUUID()) {
  const url = `${doubleUrl}/t/${tenant}`;
  return {
    url,
    /** Decides the next calls, in order; a bare behaviour is one of the next charge. */
    async script(...steps: (Behaviour | ScriptStep)[]): Promise<void> {
      const response = await fetch(`${url}/script`, { method: 'POST', body: JSON.stringify({ steps }) });
      if (!response.ok) throw new Error(`The payment double refused the script: ${response.status}`);
    },
    /** Lets the calls that were held do their work. */
    async release(): Promise<void> {
      const response = await fetch(`${url}/release`, { method: 'POST' });
      if (!response.ok) throw new Error(`The payment double holds nothing: ${response.status}`);
    },
    /** The customer passes the check of the bank or fails it. */
    async settleAction(key: string, passed: boolean): Promise<void> {
      const response = await fetch(`${url}/action/${key}`, { method: 'POST', body: JSON.stringify({ passed }) });
      if (!response.ok) throw new Error(`The payment double waits for no action: ${response.status}`);
    },
    async charges(): Promise<FakeCharge[]> {
      return (await fetch(`${url}/charges`)).json() as Promise<FakeCharge[]>;
    },
    async refunds(): Promise<FakeRefund[]> {
      return (await fetch(`${url}/refunds`)).json() as Promise<FakeRefund[]>;
    },
  };
}
