import { badParameter, StripeProblem } from './errors.ts';

/** What was answered, as it goes over the wire. */
export interface Outcome {
  status: number;
  body: string;
  requestId: string;
}

interface Kept {
  path: string;
  fingerprint: string;
  /** Null while the first request is at work. */
  outcome: Outcome | null;
  since: number;
}

/** Stripe may forget a key once it is a day old. */
const lifeMs = 24 * 60 * 60 * 1_000;

/** The idempotency keys of one account. */
export class IdempotencyKeys {
  readonly #kept = new Map<string, Kept>();

  /** The answer to replay, or null when this request is to do the work. */
  begin(key: string, path: string, fingerprint: string, now: number): Outcome | null {
    if (key.length > 255) {
      throw badParameter(`Idempotency keys can be up to 255 characters long; yours is ${key.length}.`);
    }
    const known = this.#kept.get(key);
    if (known === undefined || (known.outcome !== null && now - known.since >= lifeMs)) {
      this.#kept.set(key, { path, fingerprint, outcome: null, since: now });
      return null;
    }
    if (known.path !== path) throw otherEndpoint(key, path, known.path);
    if (known.fingerprint !== fingerprint) throw otherParameters(key);
    if (known.outcome === null) throw inUse(key);
    return known.outcome;
  }

  keep(key: string, outcome: Outcome): void {
    const known = this.#kept.get(key);
    if (known !== undefined) known.outcome = outcome;
  }

  /** The work never began, so the key stays free. */
  abandon(key: string): void {
    this.#kept.delete(key);
  }

  forget(): void {
    for (const [key, { outcome }] of this.#kept) if (outcome !== null) this.#kept.delete(key);
  }
}

function otherParameters(key: string): StripeProblem {
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
  return new StripeProblem(400, { type: 'idempotency_error', message }, { executed: false });
}

function otherEndpoint(key: string, path: string, first: string): StripeProblem {
  const message = `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs '${first}'). Try using a key other than '${key}' if you meant to execute a different request.`;
  return new StripeProblem(400, { type: 'idempotency_error', message }, { executed: false });
}

function inUse(key: string): StripeProblem {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`;
  return new StripeProblem(
    409,
    { type: 'invalid_request_error', code: 'idempotency_key_in_use', message },
    { executed: false, headers: { 'stripe-should-retry': 'true' } },
  );
}
