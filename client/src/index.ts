import { callsOf } from './calls.ts';
import { ApiError, failureOf } from './errors.ts';
import { type Client, createClient as createFetchClient } from './generated/client/index.ts';
import type { components, Operations, paths } from './generated/operations.gen.ts';
import { type LiveMessage, type LiveOptions, type LiveState, live } from './live.ts';
import type { Calls } from './operation.ts';
import { type RetryOptions, retrying } from './retry.ts';
import { type Session, type SessionStore, signing } from './session.ts';

export type { components, LiveMessage, LiveOptions, LiveState, Operations, paths, Session, SessionStore };
export { ApiError, live };

/** Calls by method and path, and what the generated calls and query options take as `client`. */
export type ApiClient = Calls<paths> & Client & { sessions: SessionStore };

export interface ClientOptions extends RetryOptions {
  /** Where the API is, without `/api/v1`. */
  baseUrl: string;
  /** Keeps the session between visits; kept in memory when left out. */
  sessions?: SessionStore;
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * A client of the API. It sends the session's access token, refreshes it when it has expired, and repeats what was limited or
 * met an outage, as long as repeating is safe.
 * @example
 * const api = createClient({ baseUrl: 'https://api.example.com' });
 * const { data } = unwrap(await api.POST('/api/v1/auth/login', { body: { email, password } }));
 * await api.sessions.save(data);
 */
export function createClient(options: ClientOptions): ApiClient {
  const { baseUrl, sessions = inMemory(), fetch: send = (request) => fetch(request) } = options;
  const signed = signing(retrying(send, options), sessions, baseUrl);
  const client = createFetchClient({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    fetch: (input, init) => signed(new Request(input, init)),
  });
  client.interceptors.error.use((error, response, _, { throwOnError }) =>
    throwOnError && response ? failureOf(error, response) : error,
  );
  return Object.assign(client, callsOf(client), { sessions });
}

/** The body of an answer. @throws ApiError when the API has refused */
export function unwrap<Data>(answer: { data?: Data; error?: unknown; response: Response }): Data {
  if (answer.data !== undefined) return answer.data;
  throw failureOf(answer.error, answer.response);
}

function inMemory(): SessionStore {
  let session: Session | undefined;
  return {
    load: () => session,
    save: (next) => {
      session = next;
    },
  };
}
