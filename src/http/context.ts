import { sql } from 'drizzle-orm';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import {
  type ArgumentsOf,
  callFunction,
  callSql,
  type FunctionCall,
  type RowOf,
  type UserFunction,
} from '../db/function-call.ts';
import type { ApiScope, Language, Role } from '../db/schema/words.ts';
import { type Statement, statement } from '../db/statement.ts';
import type { Upload } from './body.ts';

/** The caller according to a verified access token. Only `begin_request` knows whether that is still valid. */
export interface Identity {
  userId: number;
  sessionId: number;
  role: Role;
  /** Set when an API key acts for the user: only `begin_key` knows whether it may. */
  keyHash?: string;
}

/** What a route has begun before its handler. */
export interface Ahead {
  /** Undoes it, if no handler has taken it. */
  cancel(background: Call['background']): Promise<void>;
}

export interface AppEnv {
  Bindings: Env;
  Variables: {
    config: Config;
    requestId: string;
    /** When the request arrived, in milliseconds since the epoch. */
    receivedAt: number;
    database: Database;
    identity: Identity | undefined;
    /** Set when an invalid bearer token was sent. */
    tokenFault: 'AUTH_REQUIRED' | 'TOKEN_EXPIRED' | undefined;
    ahead: Ahead | undefined;
    /** The uploaded file, or the raw body as one. */
    upload: Upload | undefined;
  };
}

/** What a feature knows of the request it serves. */
export interface Call {
  readonly env: Env;
  readonly config: Config;
  readonly requestId: string;
  readonly receivedAt: number;
  /** The scheme and host that the client called. */
  readonly origin: string;
  /** For what no schema describes, such as the signature of a webhook. */
  readonly headers: Headers;
  readonly database: Database;
  /** Of the texts of the answer; undefined: the main texts. */
  readonly language: Language | undefined;
  readonly client: { ip: string | null; userAgent: string | null };
  /** Work after the response, which may be lost: what must not be lost is a row that a job processes. */
  readonly background: (work: Promise<unknown>) => void;
  /** Names the products whose stock or rating this request changed; without it, a route that changes any counts for all. */
  readonly productsChanged: (products: readonly number[]) => void;
  /** Says that this request has changed nothing, although its route does: a dry run. */
  readonly nothingChanged: () => void;
  /** Says in how many milliseconds (null: at no known time) the answer of a public read changes by the clock, for the caches. */
  readonly changesAfter: (milliseconds: number | null) => void;
  /** Runs statements in one transaction and one round trip, after the check that the caller may (still) do this. */
  readonly batch: Database['batch'];
}

export interface SignedInCall extends Call {
  readonly user: Identity;
  /** What the route's `ahead` has begun. */
  readonly ahead: Ahead | undefined;
  /**
   * Calls a function of the database as the whole transaction: one statement, whose argument `p_user_id` is the check that
   * the caller may (still) do this. Returns the one row of the function.
   */
  readonly run: <N extends UserFunction, Json = unknown>(name: N, args: ArgumentsOf<N>) => Promise<RowOf<N, Json>>;
}

/** What `begin_request` checks of a caller. */
export interface Access {
  readonly roles: readonly Role[];
  /** Where the shop requires TOTP, staff need it. */
  readonly needsTotp: boolean;
  /** An API key needs one of them; none: no key may. Undefined checks that the key is valid, and no more. */
  readonly scopes?: readonly ApiScope[] | undefined;
}

/** The check that a caller may (still) do this; returns the user id. */
export const checkOf = (
  { sessionId, userId, keyHash }: Identity,
  { roles, needsTotp, scopes }: Access,
  requestId: string,
): FunctionCall =>
  keyHash !== undefined
    ? callFunction('begin_key', userId, { key_hash: keyHash, scopes: scopes && [...scopes], request_id: requestId })
    : callFunction('begin_request', userId, {
        session_id: sessionId,
        roles: [...roles],
        request_id: requestId,
        needs_totp: needsTotp,
      });

/** First statement of a batch for a signed-in caller. */
export const beginRequest = (...caller: Parameters<typeof checkOf>): Statement =>
  statement(sql`select ${callSql(checkOf(...caller))}`);

/** Makes `SignedInCall.run` for this caller. */
export const runningAs =
  (database: Database, ...caller: Parameters<typeof checkOf>): SignedInCall['run'] =>
  <N extends UserFunction, Json = unknown>(name: N, args: ArgumentsOf<N>) =>
    database.call(callFunction<N, Json>(name, checkOf(...caller), args));

/** First statement of a batch without a signed-in caller. */
export const beginSystem = (requestId: string): Statement => statement(sql`select begin_system(${requestId})`);

/** A `batch` that begins with `first` and leaves its row out of the results. */
export const beginningWith =
  (database: Database, first: Statement): Database['batch'] =>
  async <const S extends readonly Statement[]>(statements: S) => {
    const [, ...results] = await database.batch([first, ...statements]);
    return results;
  };
