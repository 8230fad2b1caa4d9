import { expect } from 'vitest';
import { brokenInvariants, CHECK_INVARIANTS } from '../../scripts/invariants.ts';
import { checkedDatabases, ownerSql, setFault } from './database.ts';

/** What must hold whatever happened. Holds of itself after each file's last test; say it where it matters sooner. */
export async function expectInvariants({ database }: { database: string }): Promise<void> {
  const [row] = await ownerSql<Record<string, unknown>>(database, CHECK_INVARIANTS);
  expect(brokenInvariants(row!)).toEqual({});
}

/** Of every shop that the file has opened. */
export async function expectInvariantsOfFile(): Promise<void> {
  for (const database of checkedDatabases()) {
    await setFault(database, null);
    await expectInvariants({ database });
  }
}
