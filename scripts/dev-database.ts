import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileIn = (data: string) => join(data, 'database-url');

/** Leaves the owner's connection string where `ownerUrl` finds it, while the database runs. */
export async function announceDatabase(data: string, url: string): Promise<{ stop(): Promise<void> }> {
  await writeFile(fileIn(data), url, { mode: 0o600 });
  return { stop: () => rm(fileIn(data), { force: true }) };
}

/** The owner's connection string: `MIGRATION_DATABASE_URL`, or of the database that `npm run dev` runs. */
export function ownerUrl(data = '.data'): string | undefined {
  if (process.env.MIGRATION_DATABASE_URL) return process.env.MIGRATION_DATABASE_URL;
  try {
    return readFileSync(fileIn(data), 'utf8');
  } catch {
    return undefined;
  }
}
