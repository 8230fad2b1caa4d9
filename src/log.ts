import { DrizzleQueryError } from 'drizzle-orm/errors';

interface Fault {
  name?: string;
  code?: string;
  constraint?: string;
  table?: string;
  routine?: string;
  message?: string;
  stack?: string;
}

/** What may be logged about an error. The message of a database error can quote rows, so only its names and codes are. */
function describeError(error: unknown): Fault {
  if (!(error instanceof Error)) return { message: typeof error };
  const fault = error as Error & Fault;
  if (fault.name === 'NeonDbError' || error instanceof DrizzleQueryError) {
    const { name, code, constraint, table, routine } = fault;
    return JSON.parse(JSON.stringify({ name, code, constraint, table, routine }));
  }
  return { name: fault.name, message: fault.message, ...(fault.stack && { stack: fault.stack }) };
}

/** An error and its cause, as they appear in log lines. */
export function describeFailure(error: unknown): { error: Fault; cause?: Fault } {
  const cause = error instanceof Error ? error.cause : undefined;
  return { error: describeError(error), ...(cause !== undefined && { cause: describeError(cause) }) };
}

const METHODS = { info: 'log', warn: 'warn', error: 'error', alert: 'error' } as const;

/** Logs one line of JSON. */
export function logLine(level: keyof typeof METHODS, facts: object): void {
  console[METHODS[level]](JSON.stringify({ level, ...facts }));
}

/** Logs a failure that the response does not show. */
export const logFailure = (message: string, error: unknown): void =>
  logLine('error', { message, ...describeFailure(error) });
