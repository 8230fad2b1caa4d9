import { sign } from 'hono/jwt';
import { JWT_SECRET, type Site } from './site.ts';

/** A signed-in customer of the bulk seed. */
export interface Customer {
  token: string;
  cardId: number;
}

export const login = (number: number) => ({ email: `bench-${number}@mami.local`, password: 'Password1' });

/** Creates a session for each seeded customer, like a sign-in without its password hash. */
export async function signIn(site: Site): Promise<Customer[]> {
  const customers = await site.ask<{ user_id: number; session_id: number; card_id: number }>(`
    with session as (
      insert into sessions (user_id, expires_at)
      select id, now() + interval '1 day' from users where role = 'CUSTOMER' returning id, user_id
    )
    select session.user_id, session.id as session_id, t.id as card_id
    from session join payment_tokens t on t.user_id = session.user_id order by session.user_id`);
  const expires = Math.floor(Date.now() / 1000) + 3600;
  return Promise.all(
    customers.map(async ({ user_id: userId, session_id: sessionId, card_id: cardId }) => ({
      token: await sign(
        { sub: String(userId), sid: sessionId, role: 'CUSTOMER', type: 'access', exp: expires },
        JWT_SECRET,
      ),
      cardId,
    })),
  );
}
