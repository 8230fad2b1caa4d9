import { afterAll } from 'vitest';
import { dropDatabases } from './database.ts';
import { expectInvariantsOfFile } from './invariants.ts';
import { hangUp } from './live.ts';

afterAll(async () => {
  try {
    await expectInvariantsOfFile();
  } finally {
    hangUp();
    await dropDatabases();
  }
});
