import { defineConfig } from 'drizzle-kit';
import { ownerUrl } from './scripts/dev-database.ts';

const url = ownerUrl();

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/schema/index.ts',
  out: './drizzle',
  // For `db:studio` alone.
  ...(url !== undefined && { dbCredentials: { url } }),
});
