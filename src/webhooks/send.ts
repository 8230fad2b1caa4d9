import { type AddressRules, refusalNow } from './resolve.ts';
import { signatureHeaders } from './signature.ts';

/** One event for one receiver. */
export interface Message {
  /** The same at every attempt. */
  readonly id: string;
  readonly url: string;
  readonly secrets: readonly string[];
  readonly body: string;
}

/** `gone`: the receiver wants nothing more, ever. */
export type SendOutcome = { ok: boolean; status: number | null; error: string | null; gone: boolean };

/** A receiver that takes longer has not taken the message. */
const TIMEOUT_MS = 10_000;

/** Sends one message. Never throws; a redirect is a failure, because it could lead anywhere. */
export async function sendMessage({ id, url, secrets, body }: Message, rules: AddressRules): Promise<SendOutcome> {
  try {
    const refusal = await refusalNow(url, rules);
    if (refusal) return failure(null, `The address ${refusal}`);
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Mami-Webhooks/1',
        ...(await signatureHeaders(secrets, id, body)),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // What it says is of no interest, and may be endless.
    await response.body?.cancel();
    if (response.ok) return { ok: true, status: response.status, error: null, gone: false };
    const error = response.status >= 300 && response.status < 400 ? 'Redirects are not followed' : null;
    return { ...failure(response.status, error), gone: response.status === 410 };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return failure(null, isLate ? `No answer within ${TIMEOUT_MS / 1000} seconds` : 'No connection');
  }
}

const failure = (status: number | null, error: string | null): SendOutcome => ({
  ok: false,
  status,
  error: error ?? `Answered ${status}`,
  gone: false,
});
