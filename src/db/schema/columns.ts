import { sql } from 'drizzle-orm';
import { type AnyPgColumn, check, integer, numeric, timestamp } from 'drizzle-orm/pg-core';
import { MAX_UNITS } from '../../limits.ts';

/** Positive 32-bit id, as clients rely on. */
export const id = () => integer().primaryKey().generatedByDefaultAsIdentity();

/** An amount of money: exact, two digits, read and written as a decimal string. */
export const money = () => numeric({ precision: 12, scale: 2 });

export const instant = () => timestamp({ withTimezone: true, mode: 'string' });
export const createdAt = () => instant().notNull().defaultNow();
export const updatedAt = () =>
  instant()
    .notNull()
    .defaultNow()
    .$onUpdate(() => sql`now()`);

/** The CHECK that holds a quantity to what a line may have. */
export const unitsInRange = (name: string, column: AnyPgColumn) =>
  check(name, sql`${column} between 1 and ${sql.raw(String(MAX_UNITS))}`);

/**
 * The CHECK that holds a text column to its words, as its TypeScript type does. One array constant: PostgreSQL reads a CHECK anew
 * for each statement, and a list of words would cost a purchase two percent of its time.
 */
export const oneOf = (name: string, column: AnyPgColumn, words: readonly string[]) =>
  check(name, sql`${column} = any (${sql.raw(`'{${words.join(',')}}'::text[]`)})`);
