import { type SQL, sql } from 'drizzle-orm';

/** Whether two names are equal under the unique indexes' comparison. */
export const isSameName = (column: SQL, name: string): SQL => sql`text_key(${column}) = text_key(${name})`;

/** Whether a key column (`text_key`, or lower-case ASCII) contains the typed text; wildcards are matched literally. */
export const holdsText = (key: SQL, typed: string): SQL => sql`strpos(${key}, (select text_key(${typed}))) > 0`;
