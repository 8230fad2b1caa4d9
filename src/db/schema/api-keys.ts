import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { branches } from './branches.ts';
import { createdAt, id, instant } from './columns.ts';
import { users } from './users.ts';
import { API_SCOPES } from './words.ts';

/** Keys of programs. A key acts for the administrator who created it, and ends with that person's role. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    name: text().notNull(),
    /** SHA-256 of the key, which has 200 random bits. */
    key_hash: text().notNull(),
    /** The last characters of the key, to tell keys apart. */
    hint: text().notNull(),
    scopes: text().array().notNull(),
    /** The branch to which the key is limited; null: none. */
    branch_id: integer().references(() => branches.id),
    expires_at: instant(),
    created_by: integer()
      .notNull()
      .references(() => users.id),
    created_at: createdAt(),
    last_used_at: instant(),
    revoked_at: instant(),
  },
  (t) => [
    uniqueIndex('api_keys_hash_key').on(t.key_hash),
    index('api_keys_creator_idx').on(t.created_by),
    check(
      'api_keys_scopes_known',
      sql`cardinality(${t.scopes}) > 0 and ${t.scopes} <@ ${sql.raw(`'{${API_SCOPES.join(',')}}'::text[]`)}`,
    ),
  ],
);
