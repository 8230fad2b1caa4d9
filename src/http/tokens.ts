import { sign, verify } from 'hono/jwt';
import * as z from 'zod';
import { ROLES } from '../db/schema/words.ts';
import type { Identity } from './context.ts';

const Claims = z.object({
  sub: z.coerce.number().int().positive(),
  sid: z.number().int().positive(),
  role: z.enum(ROLES),
  type: z.enum(['access', 'refresh']),
  /** Generation of a refresh token: each refresh raises it. */
  gen: z.number().int().positive().optional(),
  exp: z.number(),
});
export type Claims = z.output<typeof Claims>;

export const REFRESH_TOKEN_DAYS = 30;
/** From the sign-in; rotation goes no further. */
export const SESSION_DAYS = 180;

type Secrets = readonly string[];

/** Signs with the newest secret. @param expires seconds since the epoch */
const signed = (secrets: Secrets, claims: Omit<Claims, 'exp' | 'sub'> & { sub: string }, expires: number) =>
  sign({ ...claims, iat: Math.floor(Date.now() / 1000), exp: expires }, secrets[0] ?? '', 'HS256');

export const signAccessToken = (secrets: Secrets, who: Identity, expires: number): Promise<string> =>
  signed(secrets, { sub: String(who.userId), sid: who.sessionId, role: who.role, type: 'access' }, expires);

export const signRefreshToken = (secrets: Secrets, who: Identity, gen: number, expires: number): Promise<string> =>
  signed(secrets, { sub: String(who.userId), sid: who.sessionId, role: who.role, type: 'refresh', gen }, expires);

const MAX_KNOWN = 5_000;
/** Tokens with a verified signature, by set of secrets: verifying one costs more than the rest of a request. */
const known = new WeakMap<Secrets, Map<string, Claims>>();

function knownTokens(secrets: Secrets): Map<string, Claims> {
  const tokens = known.get(secrets) ?? new Map<string, Claims>();
  known.set(secrets, tokens);
  if (tokens.size > MAX_KNOWN) tokens.clear();
  return tokens;
}

/** The claims of a token signed with one of the secrets, or the error code of an invalid one. */
export async function readToken(
  secrets: Secrets,
  token: string,
  type: Claims['type'],
): Promise<Claims | 'AUTH_REQUIRED' | 'TOKEN_EXPIRED'> {
  const tokens = knownTokens(secrets);
  const verified = tokens.get(token);
  if (verified && verified.exp > Date.now() / 1000) return verified.type === type ? verified : 'AUTH_REQUIRED';
  for (const secret of secrets) {
    try {
      const claims = Claims.safeParse(await verify(token, secret, 'HS256'));
      if (claims.success) tokens.set(token, claims.data);
      return claims.success && claims.data.type === type ? claims.data : 'AUTH_REQUIRED';
    } catch (error) {
      if (error instanceof Error && error.name === 'JwtTokenExpired') return 'TOKEN_EXPIRED';
    }
  }
  return 'AUTH_REQUIRED';
}

export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1];
