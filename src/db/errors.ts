import { AppError, isErrorCode, outcomeUnknown, unavailable } from '../errors.ts';
import { CONSTRAINT_ERRORS } from './constraints.ts';
import type { Refusal } from './function-call.ts';

/** The driver's error. Its message may contain SQL and parameters, so it must never reach a response. */
interface DatabaseRefusal {
  code?: string;
  message: string;
  detail?: string;
  constraint?: string;
}

/** A refusal that `try_call` answered, as the driver throws one; without PostgreSQL's source position and context. */
export function refusalError({ message, ...fields }: Refusal): Error {
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  return Object.assign(new Error(message), { name: 'NeonDbError', severity: 'ERROR', ...Object.fromEntries(given) });
}

const SERIALIZATION_FAILURES = new Set(['40001', '40P01']);
const SQLSTATE = /^[0-9A-Z]{5}$/;

const refusalOf = (error: unknown): DatabaseRefusal | undefined =>
  error instanceof Error && error.name === 'NeonDbError' ? error : undefined;

/** The transaction lost against a concurrent one and was rolled back, so it is safe to retry. */
export const isSerializationFailure = (error: unknown): boolean =>
  SERIALIZATION_FAILURES.has(refusalOf(error)?.code ?? '');

/** The transaction was rolled back, because work that was due before it is not done yet. */
export const isWorkDue = (error: unknown): boolean => refusalOf(error)?.code === 'MSDUE';

/**
 * Neon's proxy has no connection to PostgreSQL, so no statement was sent. With status 500 it answers this and failures after
 * a statement, which have no code and another message (proxy/src/serverless/sql_over_http.rs).
 */
export function isUnreached(error: unknown): boolean {
  const [, answer] = SERVER_ERROR.exec(refusalOf(error)?.message ?? '') ?? [];
  if (answer === undefined) return false;
  const { code, message } = parsed(answer);
  return code ? NO_CONNECTION_CODE.test(code) : NO_CONNECTION.test(message ?? '');
}

/** How the driver words an answer with the status 500. */
const SERVER_ERROR = /^Server error \(HTTP status 500\): (.*)$/s;
/** Not awake in time, or too many connections are being opened. */
const NO_CONNECTION =
  /^(Couldn't connect to compute node|could not connect to postgres in compute|error connecting to server|timeout waiting for server|Control plane request failed$|Failed to acquire permit to connect)/;
/** PostgreSQL takes no connection: too many of them, or starting up. */
const NO_CONNECTION_CODE = /^(53300|57P03)$/;

function parsed(json: string): Record<string, unknown> & { code?: string; message?: string } {
  try {
    return JSON.parse(json) ?? {};
  } catch {
    return {};
  }
}

const detailsOf = (refusal: DatabaseRefusal): Record<string, unknown> => parsed(refusal.detail ?? '{}');

/** Maps a database error to an API error: guards by their code, constraints by `CONSTRAINT_ERRORS`, others by SQLSTATE. */
export function translate(error: unknown): unknown {
  const refusal = refusalOf(error);
  if (!refusal) return error instanceof Error && isNetworkFailure(error) ? outcomeUnknown(5, error) : error;
  if (isUnreached(error)) return unavailable(5, error);
  const { code = '', constraint = '' } = refusal;
  if (code === 'MSGRD' && isErrorCode(refusal.message)) {
    return new AppError(refusal.message, undefined, { details: detailsOf(refusal) });
  }
  if (code === 'MSDUE') return unavailable(1, error);
  if (code === 'MS401') return new AppError('AUTH_REQUIRED');
  if (code === 'MS403') return new AppError('AUTHORIZATION_ERROR');
  const named = CONSTRAINT_ERRORS[constraint];
  if (named) return new AppError(named);
  // Other violations caused by the request: a missing row, a number out of range.
  if (code === '23503') return new AppError('NOT_FOUND', undefined, { cause: error });
  if (code === '22003') return new AppError('UNPROCESSABLE', 'The resulting number is too large.', { cause: error });
  if (isConnectionFailure(code)) return outcomeUnknown(5, error);
  if (isOutage(code)) return unavailable(5, error);
  return error;
}

const isNetworkFailure = (error: Error): boolean => error.name === 'TimeoutError' || error.name === 'AbortError';

/** No SQLSTATE, or a connection exception: it is unknown whether the transaction was committed. */
const isConnectionFailure = (code: string): boolean => !SQLSTATE.test(code) || code.startsWith('08');

/** Too many connections, shutdown, timeout: PostgreSQL has rolled the transaction back. */
const isOutage = (code: string): boolean => /^(53|57P|57014|40)/.test(code) || code === '55P03' || code === '25006';
