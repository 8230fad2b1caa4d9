import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ownerUrl } from './dev-database.ts';

const { values, positionals } = parseArgs({
  options: { data: { type: 'string', default: '.data' } },
  allowPositionals: true,
});
const url = ownerUrl(values.data);
if (url === undefined) {
  console.error('There is no database: start npm run dev, or set MIGRATION_DATABASE_URL.');
  process.exit(1);
}
// Ctrl-C is for psql, which ends a query with it.
process.on('SIGINT', () => {});
// By the environment and not as an argument, which every account of the machine can read.
const psql = spawn('psql', positionals, { stdio: 'inherit', env: { ...process.env, ...environmentOf(new URL(url)) } });
psql.once('error', () => {
  console.error(
    'psql is not installed (package postgresql-client, or libpq of Homebrew); npm run db:studio needs nothing, and deploying needs no psql.',
  );
  process.exit(1);
});
psql.once('close', (code) => process.exit(code ?? 1));

function environmentOf({ hostname, port, username, password, pathname, searchParams }: URL): Record<string, string> {
  return {
    PGHOST: hostname,
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    ...(searchParams.has('sslmode') && { PGSSLMODE: searchParams.get('sslmode') ?? '' }),
  };
}
