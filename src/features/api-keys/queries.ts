import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { ApiKey } from './schemas.ts';

export type ApiKeyRow = z.input<typeof ApiKey>;

export const keyWhere = (condition: SQL): Statement<ApiKeyRow> =>
  statement(sql`
    select id, name, hint, to_json(scopes) as scopes, branch_id, expires_at, created_by, created_at, last_used_at, revoked_at
    from api_keys where ${condition}`);

/** Revoked and expired keys too: the audit names them. */
export async function listApiKeys(call: SignedInCall, { limit, offset }: { limit: number; offset: number }) {
  const [items, [count]] = await call.batch([
    keyWhere(sql`true order by id desc limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from api_keys`),
  ]);
  return { items, total: count?.total ?? 0 };
}
