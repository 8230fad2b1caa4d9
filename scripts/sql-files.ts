import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** A file with one SQL function and its triggers, or with the grants. */
export interface SqlFile {
  /** Path relative to `src`, with forward slashes; its name in the database's records. */
  path: string;
  text: string;
  checksum: string;
}

const source = resolve(import.meta.dirname, '../src');

/** Column defaults, stored columns, indexes and migrations call these functions, so they are created before the tables. */
export const isContext = ({ path }: SqlFile): boolean => path.startsWith('db/sql/context/');

/** The rights of the Worker's role: applied after everything they name. */
export const isGrants = ({ path }: SqlFile): boolean => path === 'db/sql/grants.sql';

/** A view is created after the functions that it calls; a function may name a view that is created later. */
const isView = ({ text }: SqlFile): boolean => text.includes('create or replace view ');

/** Every SQL file below `src` in the order in which `migrate` applies them: functions, views, grants. */
export async function readSqlFiles(): Promise<SqlFile[]> {
  const paths: string[] = [];
  for await (const path of glob('**/sql/**/*.sql', { cwd: source })) paths.push(path.replaceAll('\\', '/'));
  const files = paths.map(async (path) => {
    const text = await readFile(resolve(source, path), 'utf8');
    return { path, text, checksum: createHash('sha256').update(text).digest('hex') };
  });
  const rank = (file: SqlFile) => (isGrants(file) ? 2 : Number(isView(file)));
  return (await Promise.all(files)).sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}
