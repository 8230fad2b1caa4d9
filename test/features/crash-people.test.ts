import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onCrashPoint } from '../../src/crash.ts';
import { dieAt } from '../support/crashing.ts';
import { signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { challengeOf, codeOf, memberWithTotp, setUpTotp } from '../support/totp.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => onCrashPoint(async () => {}));

/** Lets the work die at each of its crash points in turn, on data of its own, until it comes to its end. */
async function atEveryStep<T>(
  prepare: () => Promise<T>,
  work: (made: T) => Promise<unknown>,
  check: (made: T) => Promise<void>,
) {
  for (let n = 1; ; n++) {
    const made = await prepare();
    const point = await dieAt(n, () => work(made));
    await check(made);
    if (point === undefined) return n;
  }
}

const one = async (text: string, id: number) => (await shop.sql(text, [id]))[0]!;

describe('a Worker that dies', () => {
  it('while two-step sign-in is turned on leaves it on with ten codes, or off with none', async () => {
    const steps = await atEveryStep(
      async () => {
        const member = await signInAs(shop, 'EMPLOYEE');
        return { ...member, secret: await setUpTotp(shop, member.token) };
      },
      ({ token, secret }) => shop.request('POST', '/auth/totp/verify', { token, body: { code: codeOf(secret) } }),
      async ({ id }) => {
        const { is_on, codes } = await one(
          `select totp_enabled_at is not null as is_on,
             (select count(*)::int from totp_recovery_codes where user_id = u.id) as codes from users u where id = $1`,
          id,
        );
        expect(codes).toBe(is_on ? 10 : 0);
      },
    );
    expect(steps).toBeGreaterThan(3);
  });

  it('during the second step of a sign-in uses up no recovery code without a session', async () => {
    const steps = await atEveryStep(
      async () => {
        const member = await memberWithTotp(shop);
        await shop.sql('delete from sessions where user_id = $1', [member.id]);
        return { ...member, challenge: await challengeOf(shop, member) };
      },
      ({ challenge, recoveryCodes }) =>
        shop.request('POST', '/auth/login/totp', { body: { challenge, recovery_code: recoveryCodes[0] } }),
      async ({ id }) => {
        const { used, sessions } = await one(
          `select (select count(*)::int from totp_recovery_codes where user_id = $1 and used_at is not null) as used,
             (select count(*)::int from sessions where user_id = $1) as sessions`,
          id,
        );
        expect(used).toBe(sessions);
      },
    );
    expect(steps).toBeGreaterThan(3);
  });

  it('while an account is deleted leaves it as it was, or closed and due for erasure', async () => {
    await atEveryStep(
      () => signInAs(shop),
      ({ token, password }) => shop.request('DELETE', '/me', { token, body: { password } }),
      async ({ id }) => {
        const { is_active, is_due } = await one(
          'select is_active, erase_after is not null as is_due from users where id = $1',
          id,
        );
        expect(is_due).toBe(!is_active);
      },
    );
  });

  it('during an erasure leaves the person as a whole, or none of the person', async () => {
    await atEveryStep(
      async () => {
        const member = await signInAs(shop);
        const address = {
          address_line: '77 Unicorn Alley',
          city: 'Brigadoon',
          postal_code: '8877665',
          country: 'Israel',
        };
        await shop.request('POST', '/me/addresses', { token: member.token, body: address });
        await shop.request('DELETE', '/me', { token: member.token, body: { password: member.password } });
        await shop.sql(`update users set erase_after = now() - interval '1 second' where id = $1`, [member.id]);
        return member;
      },
      () => shop.scheduled('0 * * * *'),
      async ({ id, email }) => {
        const { is_erased, traces } = await one(
          `select erased_at is not null as is_erased,
             (select count(*)::int from addresses where user_id = u.id)
               + (select count(*)::int from audit_log where entity_type = 'user' and entity_id = u.id and new_value ? 'email')
               + (u.email = '${email}')::int as traces from users u where id = $1`,
          id,
        );
        expect(traces).toBe(is_erased ? 0 : 3);
      },
    );
  });
});
