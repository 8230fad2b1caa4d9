import { sql } from 'drizzle-orm';
import { statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import type { Call } from '../../../http/context.ts';
import { REFRESH_TOKEN_DAYS, readToken, SESSION_DAYS } from '../../../http/tokens.ts';
import { recheckSoon } from '../../live/rooms.ts';
import { type SessionRow, tokensOf } from '../session.ts';

/** How long after its first use a refresh token still works, for lost responses and parallel tabs. */
const GRACE = sql.raw("interval '10 seconds'");

/** A session ends this long after its sign-in, even if it is refreshed. */
const LATEST_END = sql`s.created_at + make_interval(days => ${SESSION_DAYS}::int)`;

/**
 * Rotates the refresh token. A token is its session's generation number, signed: the current one rotates, one used
 * within the grace gets the current generation again, and an older one ends the session, because it was stolen or replayed.
 */
export async function refresh(call: Call, token: string | undefined) {
  const claims = token === undefined ? 'AUTH_REQUIRED' : await readToken(call.config.jwtSecrets, token, 'refresh');
  if (typeof claims === 'string' || !claims.gen) throw new AppError('AUTH_REQUIRED');
  const gen = claims.gen;
  const [[session]] = await call.batch([
    statement<SessionRow & { verdict: 'ROTATE' | 'GRACE' | 'REUSED' }>(sql`
      with judged as (
        select s.id, u.email, u.full_name, u.phone, u.role, u.id as user_id, case
          when s.refresh_generation = ${gen} then 'ROTATE'
          when s.rotations[cardinality(s.rotations) - (s.refresh_generation - 1 - ${gen})] > now() - ${GRACE} then 'GRACE'
          else 'REUSED' end as verdict
        from sessions s join users u on u.id = s.user_id
        where s.id = ${claims.sid} and u.id = ${claims.sub} and u.is_active
          and s.revoked_at is null and least(s.expires_at, ${LATEST_END}) > now()
        for update of s
      ), moved as (
        update sessions s set
          last_used_at = now(),
          refresh_generation = s.refresh_generation + case when verdict = 'ROTATE' then 1 else 0 end,
          rotations = case when verdict = 'ROTATE' then (s.rotations || now())[greatest(cardinality(s.rotations) - 18, 1):] else s.rotations end,
          expires_at = case when verdict = 'ROTATE'
            then least(now() + make_interval(days => ${REFRESH_TOKEN_DAYS}::int), ${LATEST_END}) else s.expires_at end,
          revoked_at = case when verdict = 'REUSED' then now() end
        from judged where s.id = judged.id
        returning s.id as session_id, s.refresh_generation, extract(epoch from s.expires_at)::int as ends_at
      ), noted as (
        insert into audit_log (entity_type, entity_id, action, actor_user_id, context)
        select 'user', user_id, 'REFRESH_REUSED', user_id,
               jsonb_build_object('request_id', current_request(), 'session_id', id)
        from judged where verdict = 'REUSED'
      )
      select user_id as id, email, full_name, phone, role, verdict, session_id, refresh_generation, ends_at,
             extract(epoch from now())::int as issued_at
      from judged, moved`),
  ]);
  if (session?.verdict === 'REUSED') recheckSoon(call);
  if (!session || session.verdict === 'REUSED') throw new AppError('AUTH_REQUIRED');
  return tokensOf(call.config, session);
}
