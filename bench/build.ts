import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A module of the build in this directory. */
export const moduleOf = <T>(directory: string, path: string): Promise<T> =>
  import(pathToFileURL(join(resolve(directory), path)).href);

/** What it migrates and fills a database with. */
export const toolsOf = async (directory: string) => ({
  ...(await moduleOf<typeof import('../scripts/migrate.ts')>(directory, 'scripts/migrate.ts')),
  ...(await moduleOf<typeof import('../scripts/seed/bulk.ts')>(directory, 'scripts/seed/bulk.ts')),
});

/** The short hash of the commit that is checked out there. */
export const commitOf = (directory: string): string =>
  execFileSync('git', ['-C', directory, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
