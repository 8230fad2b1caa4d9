import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { hash } from '@node-rs/bcrypt';
import pg from 'pg';
import { Email, isOwnEmail, NewPassword, OWN_EMAIL } from '../src/features/auth/schemas.ts';

const usage = 'Usage: npm run admin:create -- --email name@example.com [--password …] [--name "Full Name"]';

interface NewAdmin {
  email: string;
  password: string;
  fullName: string;
}

/** Creates the first administrator of a database; refuses when an active one exists. */
export async function createAdmin(connectionString: string, admin: NewAdmin): Promise<void> {
  const cost = Number(process.env.BCRYPT_COST ?? 10);
  const passwordHash = await hash(admin.password, cost);
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    // Locked, so that two concurrent runs create only one administrator.
    await client.query('begin');
    await client.query('lock table users in share row exclusive mode');
    const { rowCount } = await client.query(
      `insert into users (email, password_hash, full_name, role)
       select $1, $2, $3, 'ADMIN' where not exists (select from users where role = 'ADMIN' and is_active)`,
      [admin.email, passwordHash, admin.fullName],
    );
    await client.query('commit');
    if (rowCount === 0) throw new Error('There is an active administrator already; let that one make others.');
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '23505') {
      throw new Error(`${admin.email} is registered already.`);
    }
    throw error;
  } finally {
    await client.end();
  }
}

/** The API's rules for email, name and password. */
function valid(name: string, rule: typeof Email | typeof NewPassword, value: string): string {
  const { data, error } = rule.safeParse(value);
  if (error) throw new Error(`The ${name} ${error.issues[0]?.message}.`);
  return data;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { email: { type: 'string' }, password: { type: 'string' }, name: { type: 'string' } },
  });
  const connectionString = process.env.MIGRATION_DATABASE_URL;
  if (!connectionString) throw new Error('Set MIGRATION_DATABASE_URL to the owner of the database.');
  if (values.email === undefined) throw new Error(usage);
  const email = valid('email', Email, values.email);
  const password = valid('password', NewPassword, values.password ?? `${randomBytes(15).toString('base64url')}a1`);
  if (isOwnEmail(password, email)) throw new Error(`The password ${OWN_EMAIL}.`);
  await createAdmin(connectionString, { email, password, fullName: values.name ?? 'Administrator' });
  console.log(`Made the administrator ${email}.`);
  if (values.password === undefined)
    console.log(`Password: ${password}\nIt is shown this once; change it after signing in.`);
}

if (import.meta.main) {
  main().catch((error: Error) => {
    console.error(error.message || String(error));
    process.exitCode = 1;
  });
}
