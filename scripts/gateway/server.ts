import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { beginStatement, isRefusal, runBatch, type Statement, type StatementResult } from './batch.ts';
import { DatabaseMaker, type Fault, TrafficControl } from './control.ts';

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
  /** Enables the control endpoints, which clone and drop databases over this connection. */
  adminConnectionString?: string;
}

export interface Gateway {
  /** URL of the `/sql` endpoint, for `neonConfig.fetchEndpoint`. */
  url: string;
  /** Base URL of `/stats`, `/fault`, `/delay` and `/databases`. */
  controlUrl: string;
  control: TrafficControl;
  stop(): Promise<void>;
}

interface Answer {
  status: number;
  body: unknown;
  statements?: number;
}

interface Shared {
  control: TrafficControl;
  databases: DatabaseMaker | undefined;
  maxConnections: number;
  socketDirectory: string | undefined;
  pools: Map<string, { pool: pg.Pool; database: string }>;
}

const errorFields = [
  ...['severity', 'code', 'detail', 'hint', 'position', 'internalPosition', 'internalQuery', 'where', 'schema'],
  ...['table', 'column', 'dataType', 'constraint', 'file', 'line', 'routine'],
] as (keyof pg.DatabaseError)[];

/** Serves Neon's HTTP protocol in front of any PostgreSQL, for development, tests and the benchmark. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const shared: Shared = {
    control: new TrafficControl(options.delayMs ?? 0),
    databases: options.adminConnectionString ? new DatabaseMaker(options.adminConnectionString) : undefined,
    maxConnections: options.maxConnections ?? 20,
    socketDirectory: options.socketDirectory,
    pools: new Map(),
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
  await Promise.all([...shared.pools.values()].map(({ pool }) => pool.end()));
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
  const body = JSON.parse(await readBody(request)) as Statement | { queries: Statement[] };
  const { pool, database } = poolFor(shared, connectionString);
  const statements = 'queries' in body ? body.queries : [body];
  shared.control.count(database, statements.length);
  const fault = shared.control.takeFault(database);
  if (fault?.when === 'before') return suffer(fault, response);
  if (shared.control.delayMs > 0) await sleep(shared.control.delayMs);
  const answer = await execute(pool, request, body);
  return fault ? suffer(fault, response) : answer;
}

async function execute(
  pool: pg.Pool,
  request: IncomingMessage,
  body: Statement | { queries: Statement[] },
): Promise<Answer> {
  const asArrays = request.headers['neon-array-mode'] === 'true';
  const isBatch = 'queries' in body;
  const statements = isBatch ? body.queries : [body];
  let client: pg.PoolClient | undefined;
  try {
    const begin = isBatch ? beginStatement(batchModes(request)) : undefined;
    client = await pool.connect();
    const results = (await runBatch(client, statements, begin)).map((result) => present(result, asArrays));
    client.release();
    return { status: 200, body: isBatch ? { results } : results[0], statements: statements.length };
  } catch (error) {
    client?.release(!isRefusal(error));
    return { ...describeError(error, client !== undefined), statements: statements.length };
  }
}

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

function describeError(error: unknown, connected: boolean): Answer {
  if (!(error instanceof pg.DatabaseError)) {
    // Like Neon when a connection breaks during a statement: no code, because the outcome is unknown.
    if (connected) return { status: 400, body: { message: String(error), code: '' } };
    return { status: 503, body: { message: `The database cannot be reached: ${String(error)}` } };
  }
  const body: Record<string, unknown> = { message: error.message };
  for (const field of errorFields) body[field] = error[field];
  return { status: 400, body };
}

/** Responds as the fault specifies; `undefined` when the connection was dropped. */
async function suffer(fault: Required<Fault>, response: ServerResponse): Promise<Answer | undefined> {
  if (fault.ms > 0) await sleep(fault.ms);
  if (fault.mode === 'error') return { status: fault.status, body: { message: 'The database is down' } };
  response.socket?.destroy();
  return undefined;
}

function poolFor(shared: Shared, connectionString: string): { pool: pg.Pool; database: string } {
  const known = shared.pools.get(connectionString);
  if (known !== undefined) return known;
  const url = new URL(connectionString);
  if (shared.socketDirectory) url.searchParams.set('host', shared.socketDirectory);
  const pool = new pg.Pool({
    connectionString: url.href,
    max: shared.maxConnections,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 30_000,
    keepAlive: true,
  });
  // The pool removes a broken connection, and its request gets the error. Without these listeners the 'error' events of idle and
  // busy connections would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const entry = { pool, database: decodeURIComponent(url.pathname.slice(1)) };
  shared.pools.set(connectionString, entry);
  return entry;
}

async function serveControl(shared: Shared, request: IncomingMessage): Promise<Answer> {
  const { control, databases } = shared;
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
    case 'POST /databases':
      return { status: 201, body: { database: await databases.clone(String(input.template)) } };
    case 'DELETE /databases':
      await endPools(shared, database);
      await databases.drop(database);
      return { status: 200, body: {} };
    default:
      return { status: 404, body: { message: 'No such control' } };
  }
}

async function endPools(shared: Shared, database: string): Promise<void> {
  for (const [connectionString, entry] of shared.pools) {
    if (entry.database !== database) continue;
    shared.pools.delete(connectionString);
    await entry.pool.end();
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
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': payload.length,
    'gateway-statements': String(statements ?? 0),
  });
  response.end(payload);
}
