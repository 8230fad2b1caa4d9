import createFetchClient, { type Client } from 'openapi-fetch';
import { type LiveMessage, type LiveOptions, type LiveState, live } from './live.ts';
import { type RetryOptions, retrying } from './retry.ts';
import type { components, paths } from './schema.ts';
import { type Session, type SessionStore, signing } from './session.ts';

export type { components, LiveMessage, LiveOptions, LiveState, paths, Session, SessionStore };
export { live };

export interface ClientOptions extends RetryOptions {
  /** Where the API is, without `/api/v1`. */
  baseUrl: string;
  /** Keeps the session between visits; kept in memory when left out. */
  sessions?: SessionStore;
  fetch?: (request: Request) => Promise<Response>;
}

/** A refusal of the API, by its code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly details: Record<string, unknown>;

  constructor(error: ErrorBody['error']) {
    super(error.message);
    this.code = error.code;
    this.status = error.status_code;
    this.details = error.details;
  }
}

interface ErrorBody {
  error: { code: string; message: string; status_code: number; details: Record<string, unknown> };
}

/**
 * A client of the API. It sends the session's access token, refreshes it when it has expired, and repeats what was limited or
 * met an outage, as long as repeating is safe.
 * @example
 * const api = createClient({ baseUrl: 'https://api.example.com' });
 * const { data } = unwrap(await api.POST('/api/v1/auth/login', { body: { email, password } }));
 * await api.sessions.save(data);
 */
export function createClient(options: ClientOptions): Client<paths> & { sessions: SessionStore } {
  const { baseUrl, sessions = inMemory(), fetch: send = (request) => fetch(request) } = options;
  const client = createFetchClient<paths>({
    baseUrl,
    fetch: signing(retrying(send, options), sessions, baseUrl),
  });
  return Object.assign(client, { sessions });
}

/** The body of an answer. @throws ApiError when the API has refused */
export function unwrap<Data>(answer: { data?: Data; error?: unknown; response: Response }): Data {
  if (answer.data !== undefined) return answer.data;
  const body = answer.error as Partial<ErrorBody> | undefined;
  if (body?.error) throw new ApiError(body.error);
  throw new Error(`The server answered ${answer.response.status} without saying why.`);
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
