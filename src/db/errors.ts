import { AppError, isErrorCode, outcomeUnknown, unavailable } from '../errors.ts';
import { CONSTRAINT_ERRORS } from './constraints.ts';

/** The driver's error. Its message may hold SQL and parameters: it never leaves the server. */
interface DatabaseRefusal {
  code?: string;
  message: string;
  detail?: string;
  constraint?: string;
}

const SERIALIZATION_FAILURES = new Set(['40001', '40P01']);
const SQLSTATE = /^[0-9A-Z]{5}$/;

const refusalOf = (error: unknown): DatabaseRefusal | undefined =>
  error instanceof Error && error.name === 'NeonDbError' ? error : undefined;

/** The batch lost against another one and was rolled back: trying it again is safe. */
export const isSerializationFailure = (error: unknown): boolean =>
  SERIALIZATION_FAILURES.has(refusalOf(error)?.code ?? '');

const detailsOf = (refusal: DatabaseRefusal): Record<string, unknown> => {
  try {
    return JSON.parse(refusal.detail ?? '{}') ?? {};
  } catch {
    return {};
  }
};

/** Turns a database error into the API's: guards and constraints by their tables; other errors reveal nothing. */
export function translate(error: unknown): unknown {
  const refusal = refusalOf(error);
  if (!refusal) return error instanceof Error && isNetworkFailure(error) ? outcomeUnknown(5, error) : error;
  const { code = '', constraint = '' } = refusal;
  if (code === 'MSGRD' && isErrorCode(refusal.message)) {
    return new AppError(refusal.message, undefined, { details: detailsOf(refusal) });
  }
  if (code === 'MS401') return new AppError('AUTH_REQUIRED');
  if (code === 'MS403') return new AppError('AUTHORIZATION_ERROR');
  const named = CONSTRAINT_ERRORS[constraint];
  if (named) return new AppError(named);
  // Unknown to the table, but no fault of ours: a row that is not there, a value out of range.
  if (code === '23503') return new AppError('NOT_FOUND', undefined, { cause: error });
  if (code === '22003')
    return new AppError('UNPROCESSABLE', 'This comes to a larger number than the shop can count.', { cause: error });
  if (isConnectionFailure(code)) return outcomeUnknown(5, error);
  if (isOutage(code)) return unavailable(5, error);
  return error;
}

const isNetworkFailure = (error: Error): boolean => error.name === 'TimeoutError' || error.name === 'AbortError';

/** No SQLSTATE at all, or that of a broken connection: the transaction may have been committed. */
const isConnectionFailure = (code: string): boolean => !SQLSTATE.test(code) || code.startsWith('08');

/** Too many connections, shutdown, time-out: PostgreSQL has rolled the transaction back. */
const isOutage = (code: string): boolean => /^(53|57P|57014|40)/.test(code) || code === '55P03' || code === '25006';
