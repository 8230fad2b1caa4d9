import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test';
import { env as bindings } from 'cloudflare:workers';
import { AsyncLocalStorage } from 'node:async_hooks';
import { inject } from 'vitest';
import worker from '../../src/index.ts';
import { cloneDatabase, type Fault, onDatabase, ownerSql, setFault } from './database.ts';
import { holdToDocument } from './document.ts';

const defaults = {
  APP_ENV: 'development',
  JWT_SECRET_KEY: 'a-secret-of-the-test-suite-with-40-chars',
  CORS_ALLOWED_ORIGINS: 'http://localhost:5173',
  FRONTEND_BASE_URL: 'http://localhost:5173',
  RATE_LIMIT_BROWSE: '',
  RATE_LIMIT_SHOP: '',
  RATE_LIMIT_STAFF: '',
  RATE_LIMIT_DEFAULTS: '',
  // Tests change data behind the API's back; those of the cache switch it on.
  PUBLIC_CACHE: 'off',
  BCRYPT_COST: '4',
  // A machine that stalls is no failure; those of timeouts set their own.
  DATABASE_TIMEOUT_MS: '60000',
  PAYMENT_TIMEOUT_MS: '60000',
  EVENT_COLLECT_MS: '0',
  SHOP_TIME_ZONE: 'Asia/Jerusalem',
  RESERVATION_MINUTES: '10',
  DELIVERY_SOURCE_BRANCH_ID: '1',
};

export type EnvOverrides = Record<string, string | undefined>;

export interface RequestOptions {
  token?: string | undefined;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is; name its media type in `headers`. */
  rawBody?: BodyInit;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  env?: EnvOverrides;
  /** The client's address; each request has its own unless told, so that limits per address stay out of the way. */
  ip?: string;
  /** `leave` answers at once; `settled()` then waits for the work that follows the response. */
  background?: 'wait' | 'leave';
}

export interface ShopResponse {
  status: number;
  headers: Headers;
  /** The parsed JSON; undefined for anything else. */
  body: any;
  text: string;
  /** Database round trips, and statements in them, that the response waited for. */
  trips: number;
  statements: number;
  /** Round trips of the work after the response; complete once it has settled. */
  readonly backgroundTrips: number;
  settled(): Promise<void>;
}

interface Traffic {
  trips: number;
  statements: number;
  backgroundTrips: number;
  responded: boolean;
}

const handler = worker as unknown as {
  fetch(request: Request, env: object, context: ExecutionContext): Response | Promise<Response>;
  scheduled(controller: ScheduledController, env: object, context: ExecutionContext): void | Promise<void>;
};

/** The real Worker on a database of its own. */
export class Shop {
  readonly database: string;
  env: Record<string, unknown>;
  private readonly overridden = new WeakMap<EnvOverrides, Record<string, unknown>>();

  constructor(database: string, overrides: EnvOverrides) {
    this.database = database;
    this.env = {
      ...durableObjects(),
      ...defaults,
      DATABASE_URL: onDatabase(inject('appUrl'), database),
      DATABASE_GATEWAY_URL: inject('gatewayUrl'),
      ...overrides,
    };
  }

  /** Calls the API; the path goes without `/api/v1`. */
  request(method: string, path: string, options: RequestOptions = {}): Promise<ShopResponse> {
    return this.raw(method, `/api/v1${path}`, options);
  }

  /** The API's response before its body is read. */
  async open(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const request = buildRequest(method, `/api/v1${path}`, options);
    return handler.fetch(request, this.envWith(options.env), createExecutionContext());
  }

  /** Calls the Worker at a path of any kind. */
  async raw(method: string, path: string, options: RequestOptions = {}): Promise<ShopResponse> {
    const traffic: Traffic = { trips: 0, statements: 0, backgroundTrips: 0, responded: false };
    const context = createExecutionContext();
    const request = buildRequest(method, path, options);
    const env = this.envWith(options.env);
    const response = await currentTraffic.run(traffic, async () => handler.fetch(request, env, context));
    const text = await response.text();
    traffic.responded = true;
    const settled = () => waitOnExecutionContext(context);
    if (options.background !== 'leave') await settled();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const body = isJson && text !== '' ? JSON.parse(text) : undefined;
    holdToDocument(method, new URL(request.url).pathname, { status: response.status, body });
    return {
      status: response.status,
      headers: response.headers,
      body,
      text,
      trips: traffic.trips,
      statements: traffic.statements,
      get backgroundTrips() {
        return traffic.backgroundTrips;
      },
      settled,
    };
  }

  /** Runs a scheduled job to its end. */
  async scheduled(cron: string, overrides?: EnvOverrides): Promise<{ trips: number; statements: number }> {
    const traffic: Traffic = { trips: 0, statements: 0, backgroundTrips: 0, responded: false };
    const context = createExecutionContext();
    const controller = createScheduledController({ cron, scheduledTime: new Date() });
    const env = this.envWith(overrides);
    await currentTraffic.run(traffic, async () => handler.scheduled(controller, env, context));
    await waitOnExecutionContext(context);
    return { trips: traffic.trips, statements: traffic.statements };
  }

  /** Does the work with these variables, in requests and jobs alike. */
  async withEnv<T>(overrides: EnvOverrides, work: () => Promise<T>): Promise<T> {
    const usual = this.env;
    this.env = this.envWith(overrides);
    try {
      return await work();
    } finally {
      this.env = usual;
    }
  }

  /** The same object for the same overrides: the Worker parses its variables, and has a memory, once for each. */
  private envWith(overrides: EnvOverrides | undefined): Record<string, unknown> {
    if (overrides === undefined) return this.env;
    const env = this.overridden.get(overrides) ?? { ...this.env, ...overrides };
    this.overridden.set(overrides, env);
    return env;
  }

  /** Asks the database directly, as its owner. Integers of any size, booleans and JSON come parsed, the rest as text. */
  sql<T = Record<string, any>>(text: string, params: unknown[] = []): Promise<T[]> {
    return ownerSql(this.database, text, params);
  }

  /** Makes the Worker's next database requests fail; `null` ends it. `sql()` suffers as well. */
  fault(fault: Fault | null): Promise<void> {
    return setFault(this.database, fault);
  }
}

/**
 * Call it in `beforeAll`; after the file's last test its database is checked against the invariants and dropped.
 * `invariants: false` is for files that write by hand what the API could not.
 */
export async function openShop({ env = {}, invariants = true }: { env?: EnvOverrides; invariants?: boolean } = {}) {
  return new Shop(await cloneDatabase({ checked: invariants }), env);
}

/** Variables are left out, so that a developer's own .dev.vars stays out of the tests. */
function durableObjects(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bindings).filter(([, binding]) => typeof binding !== 'string'));
}

function buildRequest(method: string, path: string, options: RequestOptions): Request {
  const url = new URL(path, 'http://localhost:8787');
  for (const [key, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  const headers = new Headers({ 'cf-connecting-ip': options.ip ?? randomAddress() });
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  const body = options.body === undefined ? options.rawBody : JSON.stringify(options.body);
  return new Request(url, { method, headers, ...(body === undefined ? {} : { body }) });
}

function randomAddress(): string {
  return `10.${Array.from(crypto.getRandomValues(new Uint8Array(3))).join('.')}`;
}

const currentTraffic = new AsyncLocalStorage<Traffic>();
const directFetch = globalThis.fetch;

/** A trip counts for the response when its answer came before the response did; the gateway says how much it carried. */
globalThis.fetch = async (input, init) => {
  const traffic = currentTraffic.getStore();
  const url = input instanceof Request ? input.url : String(input);
  const isTrip = [inject('gatewayUrl'), inject('neonUrl')].some((gateway) => url.startsWith(gateway));
  if (traffic === undefined || !isTrip) return directFetch(input, init);
  let statements = 0;
  try {
    const response = await directFetch(input, init);
    statements = Number(response.headers.get('gateway-statements'));
    return response;
  } finally {
    if (traffic.responded) traffic.backgroundTrips += 1;
    else {
      traffic.trips += 1;
      traffic.statements += statements;
    }
  }
};
