import { createServer } from 'node:http';

/** How the deliveries to one path are answered from now on. */
export interface ReceiverScript {
  status?: number;
  headers?: Record<string, string>;
  /** Never answers. */
  hang?: boolean;
}

export interface ReceivedDelivery {
  headers: Record<string, string>;
  body: string;
}

/**
 * A receiver of webhooks at any path `/hooks/…`, kept apart by path: POST a ReceiverScript to `/scripts/…`, GET `/seen/…`. It answers
 * DNS over HTTPS as well: `/dns/<address>/<address>` resolves every name to these addresses, `/dns-down` to nothing.
 */
export async function startFakeReceiver(): Promise<{ url: string; stop(): Promise<void> }> {
  const scripts = new Map<string, ReceiverScript>();
  const seen = new Map<string, ReceivedDelivery[]>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://receiver');
    const [, kind = '', name = ''] = /^\/([a-z-]+)\/?(.*)$/.exec(url.pathname) ?? [];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const answer = (status: number, json: unknown, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
    if (kind === 'scripts') {
      scripts.set(name, JSON.parse(body));
      return answer(200, {});
    }
    if (kind === 'seen') return answer(200, seen.get(name) ?? []);
    if (kind === 'dns') {
      const type = Number(url.searchParams.get('type'));
      const addresses = name.split('/').filter((one) => one !== '' && (one.includes(':') ? 28 : 1) === type);
      return answer(200, { Status: 0, Answer: addresses.map((data) => ({ name: 'x', type, TTL: 1, data })) });
    }
    if (kind !== 'hooks') return answer(503, {});
    seen.set(name, [...(seen.get(name) ?? []), { headers: request.headers as Record<string, string>, body }]);
    const { status = 200, headers, hang } = scripts.get(name) ?? {};
    if (!hang) answer(status, {}, headers);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
