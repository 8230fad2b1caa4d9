import { sql } from 'drizzle-orm';
import type { Context, MiddlewareHandler } from 'hono';
import type { Role } from '../db/schema/words.ts';
import { type Statement, statement } from '../db/statement.ts';
import { AppError } from '../errors.ts';
import { type AppEnv, beginRequest, type Identity } from './context.ts';
import { bearerOf, readToken } from './tokens.ts';

/** Reads the bearer token, if there is one. Refuses nobody yet, because the rate limit comes first. */
export const identify: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set('receivedAt', Date.now());
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
 * Refuses callers whose token has none of the roles, before anything else of the request is read.
 * Whether session, user and role are still valid is checked by `begin_request`, in the transaction of the command.
 */
export const authorize =
  (roles: readonly Role[], auditDenied?: string): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const identity = c.get('identity');
    if (!identity) throw new AppError(c.get('tokenFault') ?? 'AUTH_REQUIRED');
    if (!roles.includes(identity.role)) await refuseRole(c, identity, auditDenied);
    await next();
  };

/**
 * A session that has ended is told so (401), and only a live one that its role may not do this (403). The one trip is
 * spent on tokens with a good signature alone, after the rate limit.
 */
async function refuseRole(c: Context<AppEnv>, identity: Identity, entity: string | undefined): Promise<never> {
  const begin = beginRequest(identity, [identity.role], c.get('requestId'));
  await c.get('database').batch(entity ? [begin, denialOf(c, identity, entity)] : [begin]);
  throw new AppError('AUTHORIZATION_ERROR');
}

function denialOf(c: Context<AppEnv>, { role }: Identity, entity: string): Statement {
  const id = c.req.param('id') ?? '';
  return statement(sql`
    insert into audit_log (entity_type, entity_id, action, context)
    values (${entity}, ${/^[1-9]\d{0,8}$/.test(id) ? Number(id) : null}::int, 'ACCESS_DENIED', jsonb_build_object(
      'request_id', current_request(), 'reason', 'AUTHORIZATION_ERROR', 'role', ${role}::text,
      'method', ${c.req.method}::text))`);
}
