import { sql } from 'drizzle-orm';
import { type AnyPgColumn, check, integer, jsonb, numeric, timestamp } from 'drizzle-orm/pg-core';
import { MAX_UNITS } from '../../limits.ts';
import type { Language } from './words.ts';

/** A positive 32-bit id, as existing clients require. */
export const id = () => integer().primaryKey().generatedByDefaultAsIdentity();

/** An amount of money with two decimals, read and written as a decimal string. */
export const money = () => numeric({ precision: 12, scale: 2 });

export const instant = () => timestamp({ withTimezone: true, mode: 'string' });
/** Texts in other languages: `{he: {name, description}}`. */
export const translations = () => jsonb().$type<Translations>().notNull().default({});
export type Translations = Partial<Record<Language, Partial<Record<'name' | 'description' | 'address', string>>>>;

export const createdAt = () => instant().notNull().defaultNow();
export const updatedAt = () =>
  instant()
    .notNull()
    .defaultNow()
    .$onUpdate(() => sql`now()`);

/** Rises by one with each change of the row; see `next_version`. */
export const version = () => integer().notNull().default(1);

/** A CHECK that limits the quantity of a line. */
export const unitsInRange = (name: string, column: AnyPgColumn) =>
  check(name, sql`${column} between 1 and ${sql.raw(String(MAX_UNITS))}`);

/**
 * A CHECK that limits a text column to a set of values, like its TypeScript type. Written as one array constant: PostgreSQL
 * prepares the CHECK's expression for each statement, and a list of values made purchases two percent slower.
 */
export const oneOf = (name: string, column: AnyPgColumn, words: readonly string[]) =>
  check(name, sql`${column} = any (${sql.raw(`'{${words.join(',')}}'::text[]`)})`);

/** The same for a column that holds several of them. */
export const someOf = (name: string, column: AnyPgColumn, words: readonly string[]) =>
  check(name, sql`${column} <@ ${sql.raw(`'{${words.join(',')}}'::text[]`)}`);
