import type { MiddlewareHandler } from 'hono';
import type { Role } from '../db/schema/users.ts';
import { AppError } from '../errors.ts';
import type { AppEnv } from './context.ts';
import { bearerOf, readToken } from './tokens.ts';

/** Reads the bearer token, if there is one. Refuses nobody: rate limits come before that. */
export const identify: MiddlewareHandler<AppEnv> = async (c, next) => {
  const authorization = c.req.header('authorization');
  if (authorization !== undefined) {
    const token = bearerOf(authorization);
    const claims = token ? await readToken(c.get('config').jwtSecrets, token, 'access') : 'AUTH_REQUIRED';
    if (typeof claims === 'string') c.set('tokenFault', claims);
    else c.set('identity', { userId: claims.sub, sessionId: claims.sid, role: claims.role });
  }
  await next();
};

/**
 * Lets the roles pass by what the token says, before anything else of the request is looked at.
 * Whether session, user and role still hold is checked by `begin_request`, in the transaction of the work.
 */
export const authorize =
  (roles: readonly Role[]): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const identity = c.get('identity');
    if (!identity) throw new AppError(c.get('tokenFault') ?? 'AUTH_REQUIRED');
    if (!roles.includes(identity.role)) throw new AppError('AUTHORIZATION_ERROR');
    await next();
  };
