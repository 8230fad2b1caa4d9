import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** By this path a run knows the webhook that an earlier one has left behind. */
const PATH = '/npm-run-dev';
const ADMIN = { email: 'admin@mami.local', password: 'Password1' };
const MOST_MINUTES = 5;

interface Webhook {
  id: number;
  url: string;
  secret: string;
}

/**
 * A receiver of webhooks on this machine, added to the shop by its demo administrator: it checks each signature and says what has come.
 * @param origin where the Worker answers
 */
export async function startWebhookReceiver(
  origin: string,
  say: (line: string) => void,
): Promise<{ stop(): Promise<void> }> {
  let secret = '';
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const isGood = isGenuine(request.headers, body, secret);
    say(isGood ? describe(request.headers, body) : 'Webhook: refused, its signature is wrong');
    response.writeHead(isGood ? 204 : 401).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const call = await signIn(origin);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;
  const remove = async () => {
    for (const webhook of await call<Webhook[]>('GET', '')) {
      if (webhook.url.endsWith(PATH)) await call('DELETE', `/${webhook.id}`);
    }
  };
  await remove();
  ({ secret } = await call<Webhook>('POST', '', { url, events: ['*'] }));
  say(`Webhooks go to ${url}, and are shown here`);
  return {
    stop: async () => {
      await remove();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** @returns calls of `/admin/webhooks` */
async function signIn(origin: string) {
  const ask = async (method: string, path: string, headers: object, body?: object) => {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`--webhooks: ${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { data: unknown }).data;
  };
  const { access_token } = (await ask('POST', '/auth/login', {}, ADMIN)) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  return async <Data>(method: string, path: string, body?: object): Promise<Data> =>
    (await ask(method, `/admin/webhooks${path}`, headers, body)) as Data;
}

/** As docs/webhooks.md tells receivers to check. */
function isGenuine(headers: IncomingHttpHeaders, body: string, secret: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < MOST_MINUTES * 60)) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return String(signatures)
    .split(' ')
    .map((one) => Buffer.from(one.replace('v1,', ''), 'base64'))
    .some((sent) => sent.length === expected.length && timingSafeEqual(sent, expected));
}

function describe(headers: IncomingHttpHeaders, body: string): string {
  const { type, entity_type, entity_id, version, data } = JSON.parse(body) as Record<string, unknown>;
  return `Webhook ${headers['webhook-id']}: ${type}, ${entity_type} ${entity_id} version ${version} ${JSON.stringify(data)}`;
}
