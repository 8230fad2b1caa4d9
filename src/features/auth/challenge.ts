import { sign, verify } from 'hono/jwt';
import * as z from 'zod';
import type { Config } from '../../config.ts';

const CHALLENGE_SECONDS = 300;

const Claims = z.object({
  sub: z.coerce.number().int().positive(),
  /** When the password was last changed: a change ends the challenge. */
  pwd: z.string(),
  type: z.literal('totp'),
});
type Challenge = Omit<z.output<typeof Claims>, 'type'>;

/** Proof of a right password, for the second step of signing in. No access token: it has another type and no session. */
export const signChallenge = ({ jwtSecrets }: Config, { sub, pwd }: Challenge, issuedAt: number): Promise<string> =>
  sign({ sub: String(sub), pwd, type: 'totp', exp: issuedAt + CHALLENGE_SECONDS }, jwtSecrets[0] ?? '', 'HS256');

/** Undefined when it is forged, expired or another kind of token. */
export async function readChallenge({ jwtSecrets }: Config, challenge: string): Promise<Challenge | undefined> {
  for (const secret of jwtSecrets) {
    try {
      return Claims.safeParse(await verify(challenge, secret, 'HS256')).data;
    } catch {
      // Signed with another secret, or expired.
    }
  }
  return undefined;
}
