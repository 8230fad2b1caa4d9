import { inject } from 'vitest';
import type { BrevoScript, ReceivedMail } from './fake-brevo.ts';
import type { EnvOverrides } from './shop.ts';

/** An account of its own at the Brevo double, and the variables that make the Worker use it. */
export function brevoAccount() {
  const apiKey = crypto.randomUUID();
  const account = `${inject('brevoUrl')}/accounts/${apiKey}`;
  const env: EnvOverrides = {
    BREVO_API_KEY: apiKey,
    BREVO_SENDER_EMAIL: 'shop@mami.test',
    BREVO_API_URL: `${inject('brevoUrl')}/v3`,
  };
  return {
    env,
    async script(next: BrevoScript): Promise<void> {
      await fetch(account, { method: 'POST', body: JSON.stringify(next) });
    },
    /** What was accepted so far, and how often it was asked to send. */
    async seen(): Promise<{ mails: ReceivedMail[]; attempts: number }> {
      return (await fetch(account)).json();
    },
    async forget(): Promise<void> {
      await fetch(account, { method: 'DELETE' });
    },
  };
}
