import { TransactionalEmailsClient } from '@getbrevo/brevo/transactionalEmails';
import * as z from 'zod';
import type { EmailConfig, Mail } from './mail.ts';
import { composeMail } from './templates.ts';

/** `reason` is a short identifier for the log and the outbox row; it never contains an address, a token or a key. */
export type SendResult =
  | { status: 'SENT'; messageId: string | null }
  | { status: 'RETRY'; reason: string; retryAfterSeconds?: number }
  | { status: 'FAILED'; reason: string };

const TIMEOUT_MS = 10_000;
const OPERATOR_WAIT_SECONDS = 20 * 60;

const acceptedAnswer = z.object({ messageId: z.string().min(1) });
/** The client's error; its message is not used, because it quotes the response body. */
const refusal = z.object({
  statusCode: z.int(),
  body: z
    .object({ code: z.string().regex(/^[a-z_]{1,40}$/) })
    .optional()
    .catch(undefined),
  rawResponse: z
    .object({ headers: z.instanceof(Headers) })
    .optional()
    .catch(undefined),
});
type Refusal = z.output<typeof refusal>;

/**
 * Sends one mail. `idempotencyKey` is a UUID that stays the same for all attempts, so that retries do not send it twice.
 * Never throws; the outbox acts on the result.
 */
export async function sendMail(
  config: EmailConfig,
  mail: Mail,
  idempotencyKey: string,
  timeoutMs: number = TIMEOUT_MS,
): Promise<SendResult> {
  if (!config.apiKey) {
    // Without a Brevo account, development uses the codes that the API returns in its responses.
    if (config.appEnv === 'development') return { status: 'SENT', messageId: null };
    return { status: 'RETRY', reason: 'api_key_missing', retryAfterSeconds: OPERATOR_WAIT_SECONDS };
  }
  const { content, ...addressed } = composeMail(mail, config);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await clientOf(config).sendTransacEmail(
      { ...addressed, ...content, headers: { idempotencyKey } },
      // The client's own timeout covers only the response headers; the signal also covers the body.
      { abortSignal: signal, timeoutInSeconds: timeoutMs / 1000, maxRetries: 0 },
    );
    const accepted = acceptedAnswer.safeParse(answer);
    if (!accepted.success) return { status: 'RETRY', reason: 'unexpected_answer' };
    return { status: 'SENT', messageId: accepted.data.messageId };
  } catch (error) {
    const refused = refusal.safeParse(error);
    if (refused.success) return resultOf(refused.data);
    return { status: 'RETRY', reason: signal.aborted ? 'timeout' : 'network' };
  }
}

function clientOf({ apiKey, apiUrl, appEnv }: EmailConfig): TransactionalEmailsClient {
  return new TransactionalEmailsClient(apiUrl && appEnv !== 'production' ? { apiKey, baseUrl: apiUrl } : { apiKey });
}

function resultOf({ statusCode, body, rawResponse }: Refusal): SendResult {
  const reason = body?.code ? `http_${statusCode}_${body.code}` : `http_${statusCode}`;
  // Brevo rejects a key used within 30 minutes: an earlier attempt succeeded and its response was lost.
  if (statusCode === 400 && body?.code === 'duplicate_parameter') return { status: 'SENT', messageId: null };
  // Revoked key, blocked address or no credits: retried, because the operator can fix it.
  if (statusCode === 401 || statusCode === 402 || statusCode === 403) {
    return { status: 'RETRY', reason, retryAfterSeconds: OPERATOR_WAIT_SECONDS };
  }
  if (statusCode !== 429 && statusCode !== 408 && statusCode < 500) return { status: 'FAILED', reason };
  const retryAfterSeconds = rawResponse && waitFrom(rawResponse.headers);
  return retryAfterSeconds ? { status: 'RETRY', reason, retryAfterSeconds } : { status: 'RETRY', reason };
}

/** `Retry-After` in seconds or as a date, else Brevo's own header in seconds. */
function waitFrom(headers: Headers): number | undefined {
  const value = headers.get('retry-after') ?? headers.get('x-sib-ratelimit-reset');
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return seconds > 0 ? Math.ceil(seconds) : undefined;
}
