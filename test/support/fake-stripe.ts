import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AccountKeys } from './fake-stripe/account.ts';
import { Accounts } from './fake-stripe/accounts.ts';
import { answerApi } from './fake-stripe/api.ts';
import { bankPage } from './fake-stripe/bank-page.ts';
import { obey } from './fake-stripe/control.ts';

/** What webhooks delivered to `/_inbox/{name}` looked like: an endpoint for those that can run none. */
interface Letter {
  signature: string;
  body: string;
}

/**
 * Stripe's API over HTTP, with accounts kept apart by their secret keys. `accounts` are open from the start; tests open
 * more, steer them and read their books at `/_control/…` (see `fake-stripe/control.ts`).
 */
export async function startFakeStripe({
  port = 0,
  accounts: known = [],
}: {
  port?: number;
  accounts?: Partial<AccountKeys>[];
} = {}): Promise<{ url: string; accounts: AccountKeys[]; stop(): Promise<void> }> {
  const accounts = new Accounts();
  const opened = known.map((keys) => accounts.open(keys).keys);
  const inboxes = new Map<string, Letter[]>();
  const server = createServer((request, response) => {
    route(accounts, inboxes, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((ready, failed) => server.once('error', failed).listen(port, '127.0.0.1', ready));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    accounts: opened,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function route(
  accounts: Accounts,
  inboxes: Map<string, Letter[]>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const base = `http://${request.headers.host ?? '127.0.0.1'}`;
  const { pathname } = new URL(request.url ?? '/', base);
  const [, head = '', name = ''] = pathname.split('/');
  if (head === '_control') {
    const answer = await obey(accounts, name, { authorization: request.headers.authorization, body });
    return sendJson(response, answer.status, answer.body);
  }
  if (head === '_inbox') {
    const inbox = inboxes.get(name) ?? [];
    inboxes.set(name, inbox);
    if (request.method === 'POST') inbox.push({ signature: String(request.headers['stripe-signature']), body });
    return sendJson(response, 200, inbox);
  }
  if (head === '3ds') {
    const page = bankPage(accounts, { method: request.method ?? 'GET', path: pathname, body });
    return void response.writeHead(page.status, page.headers).end(page.body);
  }
  await answerApi(accounts, request, response, { body, base });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
