import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { enableAppRole } from '../../scripts/app-role.ts';
import { startGateway } from '../../scripts/gateway.ts';
import { migrate } from '../../scripts/migrate.ts';
import { startPostgres } from '../../scripts/postgres.ts';
import { startFakeBrevo } from './fake-brevo.ts';

const template = 'shop';

/** A throw-away PostgreSQL with a migrated template, the Neon gateway in front of it, and a stand-in for Brevo. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  const gateway = await startGateway({ adminConnectionString: postgres.connectionString });
  const brevo = await startFakeBrevo();
  const ownerUrl = await makeTemplate(postgres.connectionString);
  provide('gatewayUrl', gateway.url);
  provide('gatewayControlUrl', gateway.controlUrl);
  provide('ownerUrl', ownerUrl);
  provide('appUrl', await enableAppRole(ownerUrl));
  provide('brevoUrl', brevo.url);
  return async () => {
    await gateway.stop();
    await brevo.stop();
    await postgres.stop();
  };
}

async function makeTemplate(adminUrl: string): Promise<string> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${template}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = `/${template}`;
  await migrate(url.href);
  return url.href;
}
