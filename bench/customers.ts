import type { Site } from './site.ts';

/** A signed-in customer of the bulk seed. */
export interface Customer {
  token: string;
  cardId: number;
}

export const login = (number: number) => ({ email: `bench-${number}@mami.local`, password: 'Password1' });

/** Signs in as many customers of the seed. */
export async function signIn(site: Site, count: number): Promise<Customer[]> {
  const cards = await site.ask<{ email: string; id: number }>(
    'select u.email, t.id from payment_tokens t join users u on u.id = t.user_id',
  );
  const customers: Customer[] = [];
  for (let number = 1; number <= count; number++) {
    const { email, password } = login(number);
    const answer = await fetch(`${site.api.warm}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'cf-connecting-ip': `192.0.2.${number}` },
      body: JSON.stringify({ email, password }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Sign-in answered ${answer.status}: ${text}`);
    const cardId = cards.find((card) => card.email === email)?.id ?? 0;
    customers.push({ token: JSON.parse(text).data.access_token, cardId });
  }
  return customers;
}
