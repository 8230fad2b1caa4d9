import pg from 'pg';
import { migrate } from '../migrate.ts';
import { startPostgres } from '../postgres.ts';
import { seedProducts } from './bulk.ts';
import { seedDevelopment } from './index.ts';

/** Runs both seeds on a throw-away database as an owner without superuser rights, like on a hosted database. */
const postgres = await startPostgres();
try {
  const admin = new pg.Client({ connectionString: postgres.connectionString });
  await admin.connect();
  await admin.query(`create role shop_owner login password 'rehearsal' createrole`);
  for (const database of ['development', 'bulk']) await admin.query(`create database ${database} owner shop_owner`);
  await admin.end();

  const urlOf = (database: string) => `postgresql://shop_owner:rehearsal@127.0.0.1:${postgres.port}/${database}`;
  await migrate(urlOf('development'));
  await seedDevelopment(urlOf('development'), (line) => console.log(line));
  await migrate(urlOf('bulk'));
  await seedProducts(urlOf('bulk'), { products: 2000 });
  console.log('2000 generated products');
} catch (error) {
  console.error((error as Error).message || String(error));
  process.exitCode = 1;
} finally {
  await postgres.stop();
}
