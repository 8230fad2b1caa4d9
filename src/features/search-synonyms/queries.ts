import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { Synonyms } from './schemas.ts';

type Row = z.input<typeof Synonyms>;

const synonymsWhere = (condition: SQL): Statement<Row> =>
  statement(sql`select id, words, created_at from search_synonyms where ${condition}`);

export async function listSynonyms(call: SignedInCall, { limit, offset }: { limit: number; offset: number }) {
  const [items, [count]] = await call.batch([
    synonymsWhere(sql`true order by id desc limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from search_synonyms`),
  ]);
  return { items, total: count?.total ?? 0 };
}
