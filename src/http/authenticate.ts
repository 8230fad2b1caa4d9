import { sql } from 'drizzle-orm';
import type { Context, MiddlewareHandler } from 'hono';
import type { Role } from '../db/schema/words.ts';
import { statement } from '../db/statement.ts';
import { AppError } from '../errors.ts';
import { type AppEnv, beginRequest, type Identity } from './context.ts';
import { logError } from './log.ts';
import { bearerOf, readToken } from './tokens.ts';

/** Reads the bearer token, if there is one. Refuses nobody yet, because the rate limit comes first. */
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
 * Refuses callers whose token has none of the roles, before anything else of the request is read.
 * Whether session, user and role are still valid is checked by `begin_request`, in the transaction of the command.
 */
export const authorize =
  (roles: readonly Role[], auditDenied?: string): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const identity = c.get('identity');
    if (!identity) throw new AppError(c.get('tokenFault') ?? 'AUTH_REQUIRED');
    if (!roles.includes(identity.role)) {
      if (auditDenied) c.executionCtx.waitUntil(recordDenial(c, identity, auditDenied));
      throw new AppError('AUTHORIZATION_ERROR');
    }
    await next();
  };

/** Runs after the response, so a refusal does not wait for the database. A session that has ended leaves no audit row. */
async function recordDenial(c: Context<AppEnv>, identity: Identity, entity: string): Promise<void> {
  const id = c.req.param('id') ?? '';
  const denial = statement(sql`
    insert into audit_log (entity_type, entity_id, action, context)
    values (${entity}, ${/^[1-9]\d{0,8}$/.test(id) ? Number(id) : null}::int, 'ACCESS_DENIED', jsonb_build_object(
      'request_id', current_request(), 'reason', 'AUTHORIZATION_ERROR', 'role', ${identity.role}::text,
      'method', ${c.req.method}::text))`);
  try {
    await c.get('database').batch([beginRequest(identity, [identity.role], c.get('requestId')), denial]);
  } catch (error) {
    logError(c, error);
  }
}
