import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createdAt, instant } from './columns.ts';
import { users } from './users.ts';

/** The key of an authenticator app, encrypted; pending until its user has `totp_enabled_at`. */
export const totpSecrets = pgTable('totp_secrets', {
  user_id: integer()
    .primaryKey()
    .references(() => users.id),
  secret: text().notNull(),
  /** The time step of the last accepted code: it and earlier ones are refused, so that no code works twice. */
  last_step: integer(),
  last_used_at: instant(),
  created_at: createdAt(),
});

/** Codes that replace a lost authenticator app, each once. Stored as SHA-256 of 80 random bits. */
export const totpRecoveryCodes = pgTable(
  'totp_recovery_codes',
  {
    user_id: integer()
      .notNull()
      .references(() => users.id),
    code_hash: text().notNull(),
    used_at: instant(),
  },
  (t) => [primaryKey({ columns: [t.user_id, t.code_hash] })],
);
