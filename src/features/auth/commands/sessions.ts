import { sql } from 'drizzle-orm';
import { statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';

const SUCCESS = { success: true } as const;

/** Ends one session of the caller. @throws AppError 404 when it is not theirs or has ended */
export async function endSession(call: SignedInCall, sessionId: number) {
  const [[ended]] = await call.batch([
    statement<{ id: number }>(sql`
      update sessions set revoked_at = now()
      where id = ${sessionId} and user_id = ${call.user.userId} and revoked_at is null and expires_at > now()
      returning id`),
  ]);
  if (!ended) throw new AppError('NOT_FOUND', 'There is no such session.');
  return SUCCESS;
}

export async function endAllSessions(call: SignedInCall) {
  await call.batch([
    statement(sql`update sessions set revoked_at = now() where user_id = ${call.user.userId} and revoked_at is null`),
  ]);
  return SUCCESS;
}
