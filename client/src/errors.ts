interface ErrorBody {
  error: { code: string; message: string; status_code: number; details: Record<string, unknown> };
}

/** A refusal of the API, by its code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly details: Record<string, unknown>;
  /** As the API wrote it. */
  readonly error: ErrorBody['error'];

  constructor(error: ErrorBody['error']) {
    super(error.message);
    this.code = error.code;
    this.status = error.status_code;
    this.details = error.details;
    this.error = error;
  }
}

/** What to throw for an answer that is no success. */
export function failureOf(body: unknown, response: Response): Error {
  const error = (body as Partial<ErrorBody> | undefined)?.error;
  return error ? new ApiError(error) : new Error(`The server answered ${response.status} without saying why.`);
}
