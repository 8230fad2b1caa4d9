import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { setAuditAction, statement, textArray } from '../../db/statement.ts';
import { newApiKey } from '../../http/api-key.ts';
import type { SignedInCall } from '../../http/context.ts';
import { sha256 } from '../../sha256.ts';
import { branchExists } from '../admin-branches/commands/branches.ts';
import { keyWhere } from './queries.ts';
import type { NewApiKeyBody } from './schemas.ts';

const HINT_LENGTH = 4;

/** The key itself leaves in this answer and is kept nowhere. */
export async function createApiKey(call: SignedInCall, body: z.output<typeof NewApiKeyBody>) {
  const key = await newApiKey(call.user.userId);
  const hash = await sha256(key);
  const [, , rows] = await call.batch([
    branchExists(body.branch_id),
    statement(sql`
      insert into api_keys (name, key_hash, hint, scopes, branch_id, expires_at, created_by)
      values (${body.name}, ${hash}, ${key.slice(-HINT_LENGTH)}, ${textArray(body.scopes)}, ${body.branch_id ?? null},
              ${body.expires_at ?? null}, ${call.user.userId})`),
    keyWhere(sql`key_hash = ${hash}`),
  ]);
  return { ...onlyRow(rows, 'INTERNAL_ERROR'), key };
}

/** Ends a key at its very next request. Revoking it again changes nothing. @throws AppError 404 when there is no such key */
export async function revokeApiKey(call: SignedInCall, id: number) {
  const [, , rows] = await call.batch([
    setAuditAction('api_key', 'REVOKE'),
    statement(sql`update api_keys set revoked_at = now() where id = ${id} and revoked_at is null`),
    keyWhere(sql`id = ${id}`),
  ]);
  onlyRow(rows, 'API_KEY_NOT_FOUND');
  return { success: true } as const;
}
