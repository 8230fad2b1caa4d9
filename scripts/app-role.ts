import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The role of the Worker: it owns nothing, and the migrations create it without a login. */
const appRole = 'mami_app';

/** Gives the Worker's role a login with a new password; returns its connection string. */
export async function enableAppRole(ownerConnectionString: string): Promise<string> {
  const password = randomBytes(12).toString('hex');
  const client = new pg.Client({ connectionString: ownerConnectionString });
  await client.connect();
  try {
    await client.query(`alter role ${appRole} login password ${pg.escapeLiteral(password)}`);
  } finally {
    await client.end();
  }
  const url = new URL(ownerConnectionString);
  url.username = appRole;
  url.password = password;
  return url.href;
}

if (import.meta.main) {
  const owner = process.env.MIGRATION_DATABASE_URL;
  if (!owner) throw new Error('Set MIGRATION_DATABASE_URL to the owner of the database.');
  console.log(await enableAppRole(owner));
}
