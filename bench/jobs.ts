import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { keep } from './running.ts';
import { startWorkerd } from './workerd.ts';

/** The amount of every payment of a backlog. */
export const TOTAL = '30.00';

/** Payment provider and Brevo: every charge was captured, every mail is accepted. */
export async function startOutside(delayMs: number): Promise<{ url: string; requests: number }> {
  const server = createServer(async (request, response) => {
    outside.requests += 1;
    request.resume();
    await sleep(delayMs);
    const [, , key] = (request.url ?? '').split('/');
    const charge = {
      status: 'CAPTURED',
      reference: `ref-${key}`,
      idempotency_key: key,
      amount: TOTAL,
      currency: 'ILS',
    };
    const body = request.method === 'GET' ? charge : { messageId: '<mail@brevo>' };
    response.writeHead(request.method === 'GET' ? 200 : 201, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const outside = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: 0 };
  keep({
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return outside;
}

/** A Worker whose scheduled jobs `runCron` starts. @returns the id of its process */
export async function startWorker(
  { port, cronPort }: { port: number; cronPort: number },
  addresses: { appUrl: string; gatewayUrl: string; outsideUrl: string },
): Promise<number | undefined> {
  const vars = {
    // The gateway stands in for Neon, which only development allows.
    APP_ENV: 'development',
    DATABASE_URL: addresses.appUrl,
    DATABASE_GATEWAY_URL: addresses.gatewayUrl,
    MOCKPAY_URL: addresses.outsideUrl,
    BREVO_API_URL: addresses.outsideUrl,
    BREVO_API_KEY: 'a-key',
    BREVO_SENDER_EMAIL: 'shop@mami.example',
    JWT_SECRET_KEY: 'the-bench-signs-with-forty-characters-of-its-own',
    CORS_ALLOWED_ORIGINS: 'http://localhost:5173',
    FRONTEND_BASE_URL: 'http://localhost:5173',
    DELIVERY_SOURCE_BRANCH_ID: '1',
  };
  const workerd = await startWorkerd(false, [{ name: 'api', bundle: 'api', port, vars, cronPort }]);
  keep(workerd);
  return workerd.pid;
}

/** Runs the jobs of a cron expression to their end. @returns the seconds that they took */
export async function runCron(cronPort: number, cron: string): Promise<number> {
  const started = performance.now();
  const answer = await fetch(`http://127.0.0.1:${cronPort}/?cron=${encodeURIComponent(cron)}`);
  const { outcome } = (await answer.json()) as { outcome: string };
  if (outcome !== 'ok') throw new Error(`The run of ${cron} ended with ${outcome}`);
  return (performance.now() - started) / 1000;
}
