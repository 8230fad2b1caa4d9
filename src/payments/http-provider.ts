import * as z from 'zod';
import {
  type ChargeInput,
  type ChargeResult,
  type FindResult,
  PaymentOutcomeUnknown,
  type PaymentProvider,
  type RefundInput,
  type RefundResult,
  type VoidInput,
  type VoidResult,
} from './provider.ts';

export interface HttpProviderConfig {
  baseUrl: string;
  /** The timeout after which the outcome counts as unknown. */
  timeoutMs: number;
}

const reference = z.string().min(1).max(128);
const reason = z.string().min(1).max(200);
const echo = { idempotency_key: z.string(), amount: z.string(), currency: z.string() };
const declined = z.object({ status: z.literal('DECLINED'), reason, ...echo });
const charged = z.discriminatedUnion('status', [
  z.object({ status: z.literal('CAPTURED'), reference, ...echo }),
  declined,
]);
const notFound = z.object({ status: z.literal('NOT_FOUND'), idempotency_key: z.string() });
const failed = z.object({ status: z.literal('FAILED'), reason, idempotency_key: z.string() });
const refunded = z.discriminatedUnion('status', [
  z.object({ status: z.literal('SUCCEEDED'), reference, ...echo }),
  failed,
]);
const voided = z.discriminatedUnion('status', [
  z.object({ status: z.literal('VOIDED'), idempotency_key: z.string() }),
  failed,
]);

interface Call {
  method: 'GET' | 'POST';
  path: string;
  idempotencyKey: string;
  body?: Record<string, string>;
}

/** A payment provider behind a JSON API; `POST /charges`, `GET /charges/{key}`, `POST /refunds`, `POST /charges/{ref}/void`. */
export class HttpPaymentProvider implements PaymentProvider {
  readonly #config: HttpProviderConfig;

  constructor(config: HttpProviderConfig) {
    this.#config = config;
  }

  async charge(input: ChargeInput): Promise<ChargeResult> {
    const { amount, currency, providerToken, idempotencyKey } = input;
    const body = { amount, currency, provider_token: providerToken };
    const answer = await this.#call({ method: 'POST', path: '/charges', idempotencyKey, body });
    return chargeResult(accept(answer, { 200: charged, 201: charged, 402: declined }), input);
  }

  async find(idempotencyKey: string, context: Pick<ChargeInput, 'amount' | 'currency'>): Promise<FindResult> {
    const path = `/charges/${encodeURIComponent(idempotencyKey)}`;
    const answer = await this.#call({ method: 'GET', path, idempotencyKey });
    // A bare 404 may come from a wrong base URL; only the provider's own error body proves that nothing was charged.
    const found = accept(answer, { 200: charged, 404: notFound });
    if (found.status !== 'NOT_FOUND') return chargeResult(found, { ...context, idempotencyKey });
    sameKey(found, idempotencyKey);
    return { status: 'NOT_FOUND' };
  }

  async refund(input: RefundInput): Promise<RefundResult> {
    const { reference: charge, amount, currency, idempotencyKey } = input;
    const body = { reference: charge, amount, currency };
    const answer = await this.#call({ method: 'POST', path: '/refunds', idempotencyKey, body });
    const result = accept(answer, { 200: refunded, 201: refunded, 422: failed });
    sameKey(result, idempotencyKey);
    if (result.status === 'FAILED') return { status: 'FAILED', reason: result.reason };
    sameMoney(result, input);
    return { status: 'SUCCEEDED', reference: result.reference };
  }

  async void({ reference: charge, idempotencyKey }: VoidInput): Promise<VoidResult> {
    const path = `/charges/${encodeURIComponent(charge)}/void`;
    const answer = await this.#call({ method: 'POST', path, idempotencyKey, body: {} });
    const result = accept(answer, { 200: voided, 422: failed });
    sameKey(result, idempotencyKey);
    return result.status === 'FAILED' ? { status: 'FAILED', reason: result.reason } : { status: 'VOIDED' };
  }

  async #call({ method, path, idempotencyKey, body }: Call): Promise<{ status: number; body: unknown }> {
    const { baseUrl, timeoutMs } = this.#config;
    const timeout = AbortSignal.timeout(timeoutMs);
    const headers = new Headers({ accept: 'application/json', 'idempotency-key': idempotencyKey });
    if (body) headers.set('content-type', 'application/json');
    try {
      const response = await fetch(`${baseUrl.replace(/\/+$/, '')}${path}`, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
        // A redirect could repeat a charge somewhere else.
        redirect: 'manual',
        signal: timeout,
      });
      return { status: response.status, body: await response.json().catch(rethrowUnlessSyntax) };
    } catch {
      throw new PaymentOutcomeUnknown(timeout.aborted ? 'timeout' : 'network');
    }
  }
}

/** A body that is not JSON is an unreadable response; any other error means that the response was incomplete. */
function rethrowUnlessSyntax(error: unknown): undefined {
  if (error instanceof SyntaxError) return undefined;
  throw error;
}

/** Parses the response by the schema of its status; anything unexpected leaves the outcome unknown. */
function accept<S extends z.ZodType>(
  answer: { status: number; body: unknown },
  schemas: Record<number, S>,
): z.output<S> {
  const schema = schemas[answer.status];
  if (!schema) throw new PaymentOutcomeUnknown(`http_${answer.status}`);
  const parsed = schema.safeParse(answer.body);
  if (!parsed.success) throw new PaymentOutcomeUnknown('unexpected_answer');
  return parsed.data;
}

function chargeResult(
  answer: z.output<typeof charged>,
  asked: Pick<ChargeInput, 'amount' | 'currency' | 'idempotencyKey'>,
): ChargeResult {
  sameKey(answer, asked.idempotencyKey);
  sameMoney(answer, asked);
  return answer.status === 'CAPTURED'
    ? { status: 'CAPTURED', reference: answer.reference }
    : { status: 'DECLINED', reason: answer.reason };
}

function sameKey(answer: { idempotency_key: string }, idempotencyKey: string): void {
  if (answer.idempotency_key !== idempotencyKey) throw new PaymentOutcomeUnknown('answer_for_another_key');
}

function sameMoney(answer: { amount: string; currency: string }, asked: { amount: string; currency: string }): void {
  if (answer.amount !== asked.amount || answer.currency !== asked.currency) {
    throw new PaymentOutcomeUnknown('answer_for_another_amount');
  }
}
