import { sql } from 'drizzle-orm';
import { integer, numeric, timestamp } from 'drizzle-orm/pg-core';

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
