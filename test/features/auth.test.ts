import { beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});

const registration = (email: string) => ({
  email,
  password: 'Password1',
  full_name: 'Dana Levi',
  phone: '+972501234567',
});

describe('registration', () => {
  it('makes a customer account and signs it in with one database trip', async () => {
    const answer = await shop.request('POST', '/auth/register', { body: registration(' Dana@Example.com ') });
    expect(answer.status).toBe(201);
    expect(answer.trips).toBe(1);
    expect(answer.body.data.user).toMatchObject({
      email: 'dana@example.com',
      role: 'CUSTOMER',
      phone: '+972501234567',
    });
    const me = await shop.request('GET', '/auth/me', { token: answer.body.data.access_token });
    expect(me.body.data).toEqual(answer.body.data.user);
    expect(me.trips).toBe(1);
  });
});
