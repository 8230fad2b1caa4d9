import { expect, it } from 'vitest';

const sources = import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true });

/** Database, payment provider and mail: all at addresses of the configuration, none at one that a client names. */
it('the Worker calls out from three places, and nowhere else', () => {
  const calling = Object.entries(sources)
    .filter(([, source]) => /(?<![.#])\bfetch\(|@neondatabase|@getbrevo|cloudflare:sockets/.test(source))
    .map(([path]) => path.replace('../src/', ''));
  expect(calling.toSorted()).toEqual(['db/database.ts', 'email/brevo.ts', 'payments/http-provider.ts']);
});
