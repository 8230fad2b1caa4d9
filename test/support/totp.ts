import { Secret, TOTP } from 'otpauth';
import { type Role, signInAs, type TestUser } from './factories.ts';
import type { Shop } from './shop.ts';

export interface TotpMember extends TestUser {
  token: string;
  secret: string;
  recoveryCodes: string[];
}

/** The code that an authenticator app shows, `steps` of 30 seconds away from now. */
export const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

/** A code that no clock near this one shows. */
export function wrongCode(secret: string): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code))!;
}

export async function setUpTotp(shop: Shop, token: string): Promise<string> {
  const { status, body, text } = await shop.request('POST', '/auth/totp/setup', { token });
  if (status !== 200) throw new Error(text);
  return body.data.secret;
}

/** Turned on with the code of the step before this one, so that the present one is still good. */
export async function turnOnTotp(shop: Shop, token: string): Promise<Pick<TotpMember, 'secret' | 'recoveryCodes'>> {
  const secret = await setUpTotp(shop, token);
  const { status, body, text } = await shop.request('POST', '/auth/totp/verify', {
    token,
    body: { code: codeOf(secret, -1) },
  });
  if (status !== 200) throw new Error(text);
  return { secret, recoveryCodes: body.data.recovery_codes };
}

export async function memberWithTotp(shop: Shop, role: Role = 'EMPLOYEE'): Promise<TotpMember> {
  const member = await signInAs(shop, role);
  return { ...member, ...(await turnOnTotp(shop, member.token)) };
}

/** The first step of a sign-in. */
export async function challengeOf(
  shop: Shop,
  { email, password }: { email: string; password: string },
): Promise<string> {
  const { body } = await shop.request('POST', '/auth/login', { body: { email, password } });
  return body.error.details.challenge;
}
