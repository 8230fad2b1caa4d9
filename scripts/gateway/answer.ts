import pg from 'pg';

export interface Answer {
  status: number;
  body: unknown;
  statements?: number;
}

/** Ends a request with this answer. */
export class Refused extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(JSON.stringify(answer.body));
    this.answer = answer;
  }
}

const errorFields = [
  ...['severity', 'code', 'detail', 'hint', 'position', 'internalPosition', 'internalQuery', 'where', 'schema'],
  ...['table', 'column', 'dataType', 'constraint', 'file', 'line', 'routine'],
] as (keyof pg.DatabaseError)[];

/** An error of PostgreSQL in its words. */
export function describeRefusal(error: pg.DatabaseError, status = 400): Answer {
  const body: Record<string, unknown> = { message: error.message };
  for (const field of errorFields) body[field] = error[field];
  return { status, body };
}

/** What became of a statement that was sent: without a code, because the outcome is unknown when the connection broke. */
export const describeError = (error: unknown): Answer =>
  error instanceof pg.DatabaseError
    ? describeRefusal(error)
    : { status: 400, body: { message: String(error), code: '' } };
