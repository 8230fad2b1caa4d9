import type { TestProject } from 'vitest/node';
import { enableAppRole } from '../../scripts/app-role.ts';
import { startGateway } from '../../scripts/gateway.ts';
import { makeMigrated } from '../../scripts/migrate.ts';
import { startPostgres } from '../../scripts/postgres.ts';
import { startFakeBrevo } from './fake-brevo.ts';
import { startFakePaymentProvider } from './fake-payment-provider.ts';
import { startFakeReceiver } from './fake-receiver.ts';
import { startFakeStripe } from './fake-stripe.ts';
import { startPasswordJudge } from './password-judge.ts';

const template = 'shop';

/** A throw-away PostgreSQL with a migrated template, the Neon gateway in front of it, and what stands in for others. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const running: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const server of running.reverse()) await server.stop();
  };
  const keep = async <S extends { stop(): Promise<void> }>(starting: Promise<S>): Promise<S> => {
    const server = await starting;
    running.push(server);
    return server;
  };
  try {
    const postgres = await keep(startPostgres());
    const adminConnectionString = postgres.connectionString;
    const gateway = await keep(startGateway({ adminConnectionString, maxConnections: 34 }));
    const neon = await keep(startGateway({ adminConnectionString, likeNeon: {} }));
    const ownerUrl = await makeMigrated(postgres.connectionString, template);
    provide('gatewayUrl', gateway.url);
    provide('gatewayControlUrl', gateway.controlUrl);
    provide('neonUrl', neon.url);
    provide('neonControlUrl', neon.controlUrl);
    provide('ownerUrl', ownerUrl);
    provide('appUrl', await enableAppRole(ownerUrl));
    provide('brevoUrl', (await keep(startFakeBrevo())).url);
    provide('judgeUrl', (await keep(startPasswordJudge())).url);
    provide('paymentUrl', (await keep(startFakePaymentProvider())).url);
    provide('stripeUrl', (await keep(startFakeStripe())).url);
    provide('receiverUrl', (await keep(startFakeReceiver())).url);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
