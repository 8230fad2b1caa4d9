import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { SignedInDevice } from './schemas.ts';
import { USER_COLUMNS, type UserRow } from './session.ts';

export async function currentUser(call: SignedInCall): Promise<UserRow> {
  const [[user]] = await call.batch([
    statement<UserRow>(sql`select ${USER_COLUMNS} from users u where u.id = ${call.user.userId}`),
  ]);
  if (!user) throw new AppError('AUTH_REQUIRED');
  return user;
}

export async function sessionsOf(call: SignedInCall) {
  const [sessions] = await call.batch([
    statement<z.input<typeof SignedInDevice>>(sql`
      select id, created_at, last_used_at, user_agent, ip, id = ${call.user.sessionId} as current
      from sessions
      where user_id = ${call.user.userId} and revoked_at is null and expires_at > now()
      order by last_used_at desc, id desc`),
  ]);
  return sessions;
}
