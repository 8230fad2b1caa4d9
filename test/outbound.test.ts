import { expect, it } from 'vitest';

const sources = import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true });

/** Database, payment providers, mail and resolver at addresses of the configuration; webhooks at those of administrators, checked. */
it('the Worker calls out from six places, and nowhere else', () => {
  const calling = Object.entries(sources)
    .filter(([, source]) =>
      // Not the `fetch` that an object declares.
      /(?<![.#]|async )\bfetch\(|@neondatabase|@getbrevo|import\('stripe'\)|cloudflare:sockets/.test(source),
    )
    .map(([path]) => path.replace('../src/', ''));
  expect(calling.toSorted()).toEqual([
    'db/database.ts',
    'email/brevo.ts',
    'payments/http-provider.ts',
    'payments/stripe.ts',
    'webhooks/resolve.ts',
    'webhooks/send.ts',
  ]);
});
