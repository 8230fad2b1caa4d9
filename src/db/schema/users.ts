import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { branches } from './branches.ts';
import { createdAt, id, instant, oneOf, updatedAt } from './columns.ts';
import { LANGUAGES, ROLES, SUBSTITUTION_POLICIES } from './words.ts';

export const users = pgTable(
  'users',
  {
    id: id(),
    email: text().notNull(),
    password_hash: text().notNull(),
    full_name: text().notNull(),
    /** Key for the admin console's search. */
    name_key: text().generatedAlwaysAs(sql`text_key(full_name)`),
    phone: text(),
    role: text({ enum: ROLES }).notNull().default('CUSTOMER'),
    is_active: boolean().notNull().default(true),
    membership_tier: text().notNull().default('STANDARD'),
    /** Of the lines of a cart that say nothing else. */
    substitution_policy: text({ enum: SUBSTITUTION_POLICIES }).notNull().default('STORE_CHOICE'),
    default_branch_id: integer().references(() => branches.id),
    /** Of mails; null: that of the main texts. */
    language: text({ enum: LANGUAGES }),
    /** Changes only with the password itself, not when its hash is renewed at a higher cost. */
    password_changed_at: instant().notNull().defaultNow(),
    /** Null: the password alone signs in. */
    totp_enabled_at: instant(),
    /** Set when the person has asked to be deleted: from then on the job erases what is personal. */
    erase_after: instant(),
    erased_at: instant(),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    uniqueIndex('users_email_key').on(t.email),
    index('users_default_branch_idx').on(t.default_branch_id),
    index('users_erase_idx').on(t.erase_after).where(sql`${t.erase_after} is not null`),
    index('users_role_idx').on(t.role, t.is_active, t.id),
    check('users_email_lower', sql`${t.email} = lower(${t.email})`),
    oneOf('users_role_known', t.role, ROLES),
    oneOf('users_language_known', t.language, LANGUAGES),
  ],
);

/** A session. Its refresh token contains a generation number; only the current one can be rotated. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    refresh_generation: integer().notNull().default(1),
    /** First use of the latest generations, newest last: a repeated token is accepted for a short grace period. */
    rotations: timestamp({ withTimezone: true, mode: 'string' }).array().notNull().default(sql`'{}'`),
    user_agent: text(),
    ip: text(),
    /** Network of the address that started it: /24 or /48. */
    network: text(),
    created_at: createdAt(),
    last_used_at: instant().notNull().defaultNow(),
    expires_at: instant().notNull(),
    revoked_at: instant(),
  },
  (t) => [
    index('sessions_user_idx').on(t.user_id, t.revoked_at),
    index('sessions_expiry_idx').on(t.expires_at),
    index('sessions_revoked_idx').on(t.revoked_at).where(sql`${t.revoked_at} is not null`),
  ],
);

/** At most one live reset token per user; a newer one replaces it. Stored as SHA-256; null once used or invalidated. */
export const passwordResets = pgTable('password_resets', {
  user_id: integer()
    .primaryKey()
    .references(() => users.id),
  token_hash: text(),
  expires_at: instant().notNull(),
  /** Times of the mails sent within the last day. */
  sent_at: timestamp({ withTimezone: true, mode: 'string' }).array().notNull().default(sql`'{}'`),
  created_at: createdAt(),
});

/** Proof that the registering person can read mail sent to the address. */
export const registrationCodes = pgTable(
  'registration_codes',
  {
    email: text().primaryKey(),
    code_hash: text(),
    attempts: integer().notNull().default(0),
    /** Times of the codes sent within the last hour. */
    sent_at: timestamp({ withTimezone: true, mode: 'string' }).array().notNull().default(sql`'{}'`),
    expires_at: instant().notNull(),
    verified_at: instant(),
    /** Where the code was entered, and the SHA-256 of the token returned there: either may register. */
    verified_network: text(),
    verification_hash: text(),
  },
  (t) => [index('registration_codes_expiry_idx').on(t.expires_at)],
);

/**
 * Failed sign-ins by email, whether or not an account exists, so that both are throttled alike. Networks where the account has
 * signed in are counted separately; all others together under ''.
 */
export const loginThrottles = pgTable(
  'login_throttles',
  {
    email: text().notNull(),
    network: text().notNull().default(''),
    failed_at: timestamp({ withTimezone: true, mode: 'string' }).array().notNull().default(sql`'{}'`),
    locked_until: instant(),
    lock_count: integer().notNull().default(0),
    updated_at: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.email, t.network] }), index('login_throttles_updated_idx').on(t.updated_at)],
);

export const addresses = pgTable(
  'addresses',
  {
    id: id(),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    address_line: text().notNull(),
    city: text().notNull(),
    postal_code: text().notNull(),
    country: text().notNull(),
    is_default: boolean().notNull().default(false),
    lat: doublePrecision(),
    lng: doublePrecision(),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    index('addresses_user_idx').on(t.user_id),
    uniqueIndex('addresses_one_default').on(t.user_id).where(sql`${t.is_default}`),
  ],
);

export const paymentTokens = pgTable(
  'payment_tokens',
  {
    id: id(),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    provider: text().notNull(),
    provider_token: text().notNull(),
    /** The provider's reference of the customer that the token belongs to, where it has one. */
    provider_customer: text(),
    brand: text(),
    last4: text(),
    exp_month: integer(),
    exp_year: integer(),
    is_default: boolean().notNull().default(false),
    is_active: boolean().notNull().default(true),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [
    index('payment_tokens_user_idx').on(t.user_id, t.is_active),
    uniqueIndex('payment_tokens_one_default').on(t.user_id).where(sql`${t.is_default} and ${t.is_active}`),
  ],
);

/** Users as a payment provider knows them. */
export const providerCustomers = pgTable(
  'provider_customers',
  {
    user_id: integer()
      .notNull()
      .references(() => users.id),
    provider: text().notNull(),
    reference: text().notNull(),
    created_at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.user_id, t.provider] })],
);
