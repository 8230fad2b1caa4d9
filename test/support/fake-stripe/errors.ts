/** The fields of `error` in an answer; Stripe leaves out those that have no value. */
export interface ErrorFields {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  [field: string]: unknown;
}

/** An error as Stripe answers it. `executed`: the endpoint had begun its work, so the answer is kept for replay. */
export class StripeProblem extends Error {
  readonly status: number;
  readonly fields: ErrorFields;
  readonly executed: boolean;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    fields: ErrorFields,
    options: { executed?: boolean; headers?: Record<string, string> } = {},
  ) {
    super(fields.message);
    this.status = status;
    this.fields = fields.code === undefined ? fields : { ...fields, doc_url: docUrl(fields.code) };
    this.executed = options.executed ?? true;
    this.headers = options.headers ?? {};
  }
}

export const docUrl = (code: string): string => `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`;

/** What a request wants cannot be done with things as they are. */
export function refused(message: string, fields: Record<string, unknown> = {}): StripeProblem {
  return new StripeProblem(400, { type: 'invalid_request_error', message, ...fields });
}

/** A parameter does not fit: found before the endpoint begins, so the idempotency key stays free. */
export function badParameter(message: string, fields: Record<string, unknown> = {}): StripeProblem {
  return new StripeProblem(400, { type: 'invalid_request_error', message, ...fields }, { executed: false });
}

/** 404 for the object of the path, 400 for one that a parameter names. */
export function noSuch(kind: string, id: string, param: string, status: 400 | 404 = 400): StripeProblem {
  const message = `No such ${kind}: '${id}'`;
  return new StripeProblem(status, { type: 'invalid_request_error', code: 'resource_missing', message, param });
}

export function noSuchUrl(method: string, path: string): StripeProblem {
  const message = `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`;
  return new StripeProblem(404, { type: 'invalid_request_error', message }, { executed: false });
}

export function noKey(): StripeProblem {
  const message =
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.";
  return unauthenticated(message);
}

export function wrongKey(key: string): StripeProblem {
  const masked = key.slice(0, 8) + '*'.repeat(Math.max(key.length - 12, 0)) + key.slice(-4);
  return unauthenticated(`Invalid API Key provided: ${masked}`);
}

function unauthenticated(message: string): StripeProblem {
  return new StripeProblem(
    401,
    { type: 'invalid_request_error', message },
    { executed: false, headers: { 'www-authenticate': 'Basic realm="Stripe"' } },
  );
}

/** What each status is when it comes from Stripe's own trouble rather than from the request. */
export function troubleOf(status: number, code: string | undefined): ErrorFields {
  if (status === 429 && code === 'lock_timeout') {
    const message =
      'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate. For more details, see https://stripe.com/docs/rate-limits#object-lock-timeouts.';
    return { type: 'invalid_request_error', code, message, doc_url: docUrl(code) };
  }
  if (status === 429) {
    const message =
      'Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.';
    return {
      type: 'invalid_request_error',
      code: code ?? 'rate_limit',
      message,
      doc_url: docUrl(code ?? 'rate_limit'),
    };
  }
  if (status === 403) {
    return {
      type: 'invalid_request_error',
      message: 'The provided key does not have the required permissions for this endpoint.',
    };
  }
  const message = 'An unexpected error occurred while processing the request.';
  return code === undefined
    ? { type: 'api_error', message }
    : { type: 'api_error', message, code, doc_url: docUrl(code) };
}

export function unsupportedCurrency(currency: string, supported: string[]): StripeProblem {
  const message = `Invalid currency: ${currency}. Stripe currently supports these currencies: ${supported.join(', ')}`;
  return badParameter(message, { param: 'currency' });
}
