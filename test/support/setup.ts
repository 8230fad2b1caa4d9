import { afterAll } from 'vitest';
import { dropDatabases } from './database.ts';
import { expectInvariantsOfFile } from './invariants.ts';

afterAll(async () => {
  try {
    await expectInvariantsOfFile();
  } finally {
    await dropDatabases();
  }
});
