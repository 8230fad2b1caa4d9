import { type SQL, sql } from 'drizzle-orm';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { type ArgumentsOf, callFunction, type RowOf, type UserFunction } from '../db/function-call.ts';
import type { Role } from '../db/schema/words.ts';
import { type Statement, statement, textArray } from '../db/statement.ts';

/** Who a verified access token says is calling. Whether that still holds, only `begin_request` knows. */
export interface Identity {
  userId: number;
  sessionId: number;
  role: Role;
}

export interface AppEnv {
  Bindings: Env;
  Variables: {
    config: Config;
    requestId: string;
    database: Database;
    identity: Identity | undefined;
    /** Set when a bearer token was sent that is not good. */
    tokenFault: 'AUTH_REQUIRED' | 'TOKEN_EXPIRED' | undefined;
    /** Text of the uploaded file. */
    upload: string | undefined;
  };
}

/** What a feature gets to know of the request it serves. */
export interface Call {
  readonly env: Env;
  readonly config: Config;
  readonly requestId: string;
  readonly database: Database;
  readonly client: { ip: string | null; userAgent: string | null };
  /** Work after the response that may be lost: whatever must not be is a row that a job drains. */
  readonly background: (work: Promise<unknown>) => void;
  /** Names the products whose stock or rating this request changed; else a route that changes any counts for all. */
  readonly touched: (products: readonly number[]) => void;
  /** One transaction, one round trip, begun with the check that the caller may (still) do this. */
  readonly batch: Database['batch'];
}

export interface SignedInCall extends Call {
  readonly user: Identity;
  /**
   * A function of the database as the whole transaction: one statement, in which the check that the caller may (still) do
   * this stands for `p_user_id`. Answers its one row.
   */
  readonly run: <N extends UserFunction, Json = unknown>(
    name: N,
    args: Omit<ArgumentsOf<N>, 'user_id'>,
  ) => Promise<RowOf<N, Json>>;
}

const beginning = ({ sessionId, userId }: Identity, roles: readonly Role[], requestId: string): SQL =>
  sql`begin_request(${sessionId}, ${userId}, ${textArray(roles)}, ${requestId})`;

/** First statement of a batch of a signed-in caller. */
export const beginRequest = (...caller: Parameters<typeof beginning>): Statement =>
  statement(sql`select ${beginning(...caller)}`);

/** `SignedInCall.run` for this caller. */
export const runningAs =
  (database: Database, ...caller: Parameters<typeof beginning>): SignedInCall['run'] =>
  async <N extends UserFunction, Json = unknown>(name: N, args: Omit<ArgumentsOf<N>, 'user_id'>) => {
    const [row] = await database.single(callFunction<N, Json>(name, beginning(...caller), args));
    if (row === undefined) throw new Error(`${name} answered no row`);
    return row;
  };

/** First statement of a batch that nobody signed in for. */
export const beginSystem = (requestId: string): Statement => statement(sql`select begin_system(${requestId})`);

/** A `batch` that begins with `first` and leaves its row out of the results. */
export const beginningWith =
  (database: Database, first: Statement): Database['batch'] =>
  async <const S extends readonly Statement[]>(statements: S) => {
    const [, ...results] = await database.batch([first, ...statements]);
    return results;
  };
