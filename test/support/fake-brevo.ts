import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What the next mails of one API key meet: `times` of them (all, when left out) get this answer. */
export interface BrevoScript {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** The connection stays open without an answer. */
  hang?: boolean;
  /** The mail is accepted all the same: only the answer to it is lost. */
  accepted?: boolean;
  times?: number;
  /** So many mails before them are accepted. */
  skip?: number;
}

export interface ReceivedMail {
  sender?: { email: string; name?: string };
  to: { email: string; name?: string }[];
  subject?: string;
  htmlContent?: string;
  textContent?: string;
  templateId?: number;
  params?: Record<string, unknown>;
  headers?: Record<string, string>;
}

interface Account {
  mails: ReceivedMail[];
  attempts: number;
  script: BrevoScript | undefined;
}

/**
 * Brevo's `POST /v3/smtp/email`, kept apart by `api-key`. Tests steer it at `/accounts/<api-key>`: POST a BrevoScript,
 * GET the mails it accepted and the attempts it saw, DELETE to forget both.
 */
export async function startFakeBrevo(): Promise<{ url: string; stop(): Promise<void> }> {
  const accounts = new Map<string, Account>();
  const account = (key: string) => {
    const known = accounts.get(key) ?? { mails: [], attempts: 0, script: undefined };
    accounts.set(key, known);
    return known;
  };
  const server = createServer(async (request, response) => {
    const steered = /^\/accounts\/(.+)$/.exec(request.url ?? '')?.[1];
    if (steered !== undefined) return steer(accounts, account(decodeURIComponent(steered)), steered, request, response);
    if (request.method !== 'POST' || request.url !== '/v3/smtp/email') return answer(response, 404, {});
    await receive(account(String(request.headers['api-key'] ?? '')), request, response);
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

async function receive(account: Account, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const mail = JSON.parse(await readBody(request)) as ReceivedMail;
  account.attempts += 1;
  const key = mail.headers?.idempotencyKey;
  if (key !== undefined && account.mails.some((accepted) => accepted.headers?.idempotencyKey === key)) {
    return answer(response, 400, { code: 'duplicate_parameter', message: 'idempotencyKey was used before' });
  }
  const script = account.script;
  if (script?.skip) script.skip -= 1;
  else if (script !== undefined && (script.times === undefined || script.times > 0)) {
    if (script.times !== undefined) script.times -= 1;
    if (script.accepted) account.mails.push(mail);
    if (script.hang) return;
    if (script.status >= 300) return answer(response, script.status, script.body ?? {}, script.headers);
  }
  account.mails.push(mail);
  answer(response, 201, { messageId: `<${account.mails.length}@brevo.test>` });
}

async function steer(
  accounts: Map<string, Account>,
  account: Account,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'POST') account.script = JSON.parse(await readBody(request)) as BrevoScript;
  if (request.method === 'DELETE') accounts.delete(decodeURIComponent(key));
  answer(response, 200, { mails: account.mails, attempts: account.attempts });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
