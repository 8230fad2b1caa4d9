export type Send = (request: Request) => Promise<Response>;

export interface RetryOptions {
  /** How often a request is sent at most. */
  attempts?: number;
  /** A longer `Retry-After` is left to the caller. */
  maxWaitSeconds?: number;
  /** For tests. */
  wait?: (milliseconds: number) => Promise<void>;
}

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Repeats what was limited, and what met an outage where repeating cannot do it twice, after the time the server names. */
export function retrying(send: Send, { attempts = 4, maxWaitSeconds = 30, wait = sleep }: RetryOptions): Send {
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await send(request.clone()).catch((error: unknown) => error);
      const seconds = await secondsToWait(request, answer, attempt);
      if (seconds === undefined || seconds > maxWaitSeconds || attempt >= attempts || request.signal.aborted) {
        if (answer instanceof Response) return answer;
        throw answer;
      }
      await wait(seconds * 1000);
    }
  };
}

/** Undefined: not to be repeated. */
async function secondsToWait(request: Request, answer: unknown, attempt: number): Promise<number | undefined> {
  const backoff = 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  if (!(answer instanceof Response)) return isRepeatable(request) ? backoff : undefined;
  const named = Number(answer.headers.get('retry-after') ?? backoff);
  if (answer.status === 429) return named;
  if (answer.status === 503) return isRepeatable(request) ? named : undefined;
  return answer.status === 409 && (await codeOf(answer)) === 'IDEMPOTENCY_IN_PROGRESS' ? named : undefined;
}

/** Sent twice, it does what it does once. */
const isRepeatable = ({ method, headers }: Request): boolean =>
  ['GET', 'PUT', 'DELETE'].includes(method) || headers.has('idempotency-key');

/** The code of a refusal; the answer stays unread. */
export async function codeOf(answer: Response): Promise<string | undefined> {
  const body = (await answer
    .clone()
    .json()
    .catch(() => undefined)) as { error?: { code?: string } } | undefined;
  return body?.error?.code;
}
