import { sql } from 'drizzle-orm';
import type { Context, MiddlewareHandler } from 'hono';
import type { Role } from '../db/schema/words.ts';
import { type Statement, statement } from '../db/statement.ts';
import { AppError } from '../errors.ts';
import { isApiKey, readApiKey } from './api-key.ts';
import { type AppEnv, beginRequest, type Identity } from './context.ts';
import type { RouteSpec } from './route.ts';
import { bearerOf, readToken } from './tokens.ts';

/** Reads the bearer token or API key, if there is one. Refuses nobody yet, because the rate limit comes first. */
export const identify: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set('receivedAt', Date.now());
  const authorization = c.req.header('authorization');
  if (authorization !== undefined) {
    const identity = await identityOf(c, bearerOf(authorization));
    if (typeof identity === 'string') c.set('tokenFault', identity);
    else c.set('identity', identity);
  }
  await next();
};

async function identityOf(c: Context<AppEnv>, token = ''): Promise<Identity | 'AUTH_REQUIRED' | 'TOKEN_EXPIRED'> {
  if (isApiKey(token)) return (await readApiKey(token)) ?? 'AUTH_REQUIRED';
  const claims = token ? await readToken(c.get('config').jwtSecrets, token, 'access') : 'AUTH_REQUIRED';
  if (typeof claims === 'string') return claims;
  return { userId: claims.sub, sessionId: claims.sid, role: claims.role };
}

/**
 * Refuses callers whose token has none of the roles, and API keys where the route has no scope, before anything else of the
 * request is read. Whether session, user and role, or the key and its scopes, are valid is checked in the transaction of the command.
 */
export const authorize =
  (
    roles: readonly Role[],
    { scopes, auditDenied }: Pick<RouteSpec, 'scopes' | 'auditDenied'>,
  ): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const identity = c.get('identity');
    if (!identity) throw new AppError(c.get('tokenFault') ?? 'AUTH_REQUIRED');
    const isAllowed = identity.keyHash === undefined ? roles.includes(identity.role) : scopes !== undefined;
    if (!isAllowed) await refuse(c, identity, auditDenied);
    await next();
  };

/**
 * A session or key that has ended is told so (401), and only a live one that it may not do this (403). The one trip is
 * spent on tokens with a good signature and on keys with a good checksum, after the rate limit.
 */
async function refuse(c: Context<AppEnv>, identity: Identity, entity: string | undefined): Promise<never> {
  const begin = beginRequest(identity, { roles: [identity.role], needsTotp: false }, c.get('requestId'));
  await c.get('database').batch(entity ? [begin, denialOf(c, identity, entity)] : [begin]);
  throw new AppError('AUTHORIZATION_ERROR', identity.keyHash === undefined ? undefined : OUT_OF_SCOPE);
}

const OUT_OF_SCOPE = 'API keys cannot be used for this.';

function denialOf(c: Context<AppEnv>, { role }: Identity, entity: string): Statement {
  const id = c.req.param('id') ?? '';
  return statement(sql`
    insert into audit_log (entity_type, entity_id, action, context)
    values (${entity}, ${/^[1-9]\d{0,8}$/.test(id) ? Number(id) : null}::int, 'ACCESS_DENIED', jsonb_build_object(
      'request_id', current_request(), 'reason', 'AUTHORIZATION_ERROR', 'role', ${role}::text,
      'method', ${c.req.method}::text))`);
}
