import { type SQL, sql } from 'drizzle-orm';

/** Whether a name is the same as another, as the unique indexes compare them. */
export const isSameName = (column: SQL, name: string): SQL => sql`text_key(${column}) = text_key(${name})`;

/** Whether a column of keys (`text_key`), or of plain ASCII in lower case, holds a text as it was typed: no wildcards. */
export const holdsText = (key: SQL, typed: string): SQL => sql`strpos(${key}, (select text_key(${typed}))) > 0`;
