import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, Refused } from './answer.ts';
import { beginStatement, type Statement, type StatementResult } from './batch.ts';
import { DatabaseMaker, type Fault, TrafficControl } from './control.ts';
import { NeonCompute, type NeonOptions } from './neon.ts';
import { type Computes, databaseOf, Pools } from './pools.ts';

export interface GatewayOptions {
  /** 0 or undefined picks a free port. */
  port?: number;
  host?: '127.0.0.1' | 'localhost';
  /** Pool size per connection string. */
  maxConnections?: number;
  /** Connects to local databases through PostgreSQL's Unix socket in this directory. */
  socketDirectory?: string | undefined;
  /** Simulates the network distance to the database. */
  delayMs?: number;
  /** Treats statements and connections as Neon's proxy does, instead of as fast as possible. */
  likeNeon?: NeonOptions | undefined;
  /** Enables the control endpoints, which clone and drop databases over this connection. */
  adminConnectionString?: string;
}

export interface Gateway {
  /** URL of the `/sql` endpoint, for `neonConfig.fetchEndpoint`. */
  url: string;
  /** Base URL of `/stats`, `/fault`, `/delay` and `/databases`; like Neon, of `/connections` and `/suspend` too. */
  controlUrl: string;
  control: TrafficControl;
  /** With `likeNeon`. */
  neon: NeonCompute | undefined;
  stop(): Promise<void>;
}

interface Shared {
  control: TrafficControl;
  databases: DatabaseMaker | undefined;
  computes: Computes;
  neon: NeonCompute | undefined;
}

/** The documented limit of a request and of an answer. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Serves Neon's HTTP protocol in front of any PostgreSQL, for development, tests and the benchmark. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const neon = options.likeNeon && new NeonCompute(options.likeNeon);
  const shared: Shared = {
    control: new TrafficControl(options.delayMs ?? 0),
    databases: options.adminConnectionString ? new DatabaseMaker(options.adminConnectionString) : undefined,
    computes: neon ?? new Pools(options.maxConnections ?? 20, options.socketDirectory),
    neon,
  };
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
    const handled = request.url?.startsWith('/sql')
      ? serveSql(shared, request, response)
      : serveControl(shared, request);
    handled.then(
      (answer) => answer && send(response, answer),
      (error: Error) => send(response, { status: 500, body: { message: error.message } }),
    );
  });
  const host = options.host ?? '127.0.0.1';
  await listen(server, options.port ?? 0, host);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://${host}:${port}/sql`,
    controlUrl: `http://${host}:${port}`,
    control: shared.control,
    neon,
    stop: () => stop(server, shared),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

async function stop(server: Server, shared: Shared): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await shared.computes.end();
  await shared.databases?.end();
}

async function serveSql(
  shared: Shared,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer | undefined> {
  const connectionString = request.headers['neon-connection-string'];
  if (request.method !== 'POST' || typeof connectionString !== 'string') {
    return { status: 400, body: { message: 'POST a query with a Neon-Connection-String header' } };
  }
  const text = await readBody(request);
  if (text.length > MAX_BYTES) return tooLarge('request', 413);
  const body = JSON.parse(text) as Statement | { queries: Statement[] };
  const database = databaseOf(connectionString);
  const statements = 'queries' in body ? body.queries : [body];
  shared.control.count(database, statements.length);
  const fault = shared.control.takeFault(database);
  if (fault?.when === 'before') return suffer(fault, response);
  if (shared.control.delayMs > 0) await sleep(shared.control.delayMs);
  const answer = await execute(shared.computes, connectionString, request, body);
  return fault ? suffer(fault, response) : answer;
}

async function execute(
  computes: Computes,
  connectionString: string,
  request: IncomingMessage,
  body: Statement | { queries: Statement[] },
): Promise<Answer> {
  const asArrays = request.headers['neon-array-mode'] === 'true';
  const isBatch = 'queries' in body;
  const statements = isBatch ? body.queries : [body];
  try {
    const begin = isBatch ? beginStatement(batchModes(request)) : undefined;
    const ran = await computes.run(connectionString, statements, begin);
    const results = ran.map((result) => present(result, asArrays));
    return { status: 200, body: isBatch ? { results } : results[0], statements: statements.length };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ...error.answer, statements: statements.length };
  }
}

const tooLarge = (what: 'request' | 'response', status: number): Answer => ({
  status,
  body: { message: `${what} is too large (max is ${MAX_BYTES} bytes)`, code: '' },
});

function batchModes({ headers }: IncomingMessage) {
  return {
    isolationLevel: headers['neon-batch-isolation-level'] as string | undefined,
    readOnly: headers['neon-batch-read-only'] === 'true',
    deferrable: headers['neon-batch-deferrable'] === 'true',
  };
}

function present(result: StatementResult, asArrays: boolean) {
  const { fields, rows } = result;
  if (asArrays) return { ...result, rowAsArray: true };
  const objects = rows.map((row) => Object.fromEntries(fields.map(({ name }, index) => [name, row[index]])));
  return { ...result, rows: objects, rowAsArray: false };
}

/** Responds as the fault specifies; `undefined` when the connection was dropped. */
async function suffer(fault: Required<Fault>, response: ServerResponse): Promise<Answer | undefined> {
  if (fault.ms > 0) await sleep(fault.ms);
  if (fault.mode === 'error') return { status: fault.status, body: { message: 'The database is down' } };
  response.socket?.destroy();
  return undefined;
}

async function serveControl(shared: Shared, request: IncomingMessage): Promise<Answer> {
  const { control, databases, neon } = shared;
  if (databases === undefined) return { status: 404, body: { message: 'Only /sql is served here' } };
  const url = new URL(request.url ?? '/', 'http://gateway');
  const database = url.searchParams.get('database') ?? '';
  const input = request.method === 'POST' ? JSON.parse((await readBody(request)) || '{}') : {};
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /stats':
      return { status: 200, body: control.seen(database) };
    case 'POST /stats/reset':
      control.forget(database);
      return { status: 200, body: {} };
    case 'POST /fault':
      control.setFault(database, input.mode ? (input as Fault) : null);
      return { status: 200, body: {} };
    case 'POST /delay':
      control.delayMs = Number(input.ms);
      return { status: 200, body: {} };
    case 'GET /connections':
      return { status: 200, body: { opened: neon?.opened ?? 0 } };
    case 'POST /suspend':
      await neon?.suspend(input as NeonOptions);
      return { status: 200, body: {} };
    case 'POST /databases':
      return { status: 201, body: { database: await databases.clone(String(input.template)) } };
    case 'DELETE /databases':
      await shared.computes.end(database);
      await databases.drop(database);
      return { status: 200, body: {} };
    default:
      return { status: 404, body: { message: 'No such control' } };
  }
}

// Event handlers: iterating over the request is noticeably slower, and the benchmark runs through here.
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => resolve(Buffer.concat(chunks).toString()));
    request.once('error', reject);
  });
}

function send(response: ServerResponse, { status, body, statements }: Answer): void {
  const payload = Buffer.from(JSON.stringify(body));
  if (payload.length > MAX_BYTES) {
    send(response, tooLarge('response', 507));
    return;
  }
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': payload.length,
    'gateway-statements': String(statements ?? 0),
  });
  response.end(payload);
}
