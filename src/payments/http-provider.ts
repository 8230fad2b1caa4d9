import * as z from 'zod';
import {
  type AuthorizeInput,
  type AuthorizeResult,
  type CaptureInput,
  type CaptureResult,
  type ChargeInput,
  type ChargeResult,
  type FindContext,
  type FindRefundResult,
  type FindResult,
  type PaymentAction,
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
const action = z.object({ type: z.string(), client_secret: z.string().optional(), url: z.string().optional() });
/** Every state of a payment; `captured_amount` where less was captured than authorised. */
const paid = z.discriminatedUnion('status', [
  z.object({ status: z.literal('CAPTURED'), reference, captured_amount: z.string().optional(), ...echo }),
  z.object({ status: z.literal('AUTHORIZED'), reference, capture_before: z.iso.datetime().nullable(), ...echo }),
  z.object({ status: z.literal('ACTION_REQUIRED'), reference, action, ...echo }),
  z.object({ status: z.literal('VOIDED'), ...echo }),
  declined,
]);
const notFound = z.object({ status: z.literal('NOT_FOUND'), idempotency_key: z.string() });
const failed = z.object({ status: z.literal('FAILED'), reason, idempotency_key: z.string() });
const refunded = z.discriminatedUnion('status', [
  z.object({ status: z.literal('SUCCEEDED'), reference, ...echo }),
  failed,
]);
const captured = z.discriminatedUnion('status', [
  z.object({ status: z.literal('CAPTURED'), reference, ...echo }),
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

/**
 * A payment provider behind a JSON API: `POST /charges`, `POST /authorizations`, `GET /charges/{key}` for either,
 * `POST /charges/{ref}/capture`, `POST /charges/{ref}/void`, `POST /refunds`, `GET /refunds/{key}`.
 */
export class HttpPaymentProvider implements PaymentProvider {
  readonly #config: HttpProviderConfig;

  constructor(config: HttpProviderConfig) {
    this.#config = config;
  }

  async charge(input: ChargeInput): Promise<ChargeResult> {
    const result = await this.#pay('/charges', input);
    if (result.status === 'AUTHORIZED') throw new PaymentOutcomeUnknown('unexpected_answer');
    return result;
  }

  async authorize(input: AuthorizeInput): Promise<AuthorizeResult> {
    const result = await this.#pay('/authorizations', input);
    if (result.status === 'CAPTURED') throw new PaymentOutcomeUnknown('unexpected_answer');
    return result;
  }

  async #pay(path: string, input: ChargeInput & { isOffSession?: boolean }) {
    const { amount, currency, providerToken, idempotencyKey, isOffSession } = input;
    const body = { amount, currency, provider_token: providerToken, ...(isOffSession && { off_session: 'true' }) };
    const answer = await this.#call({ method: 'POST', path, idempotencyKey, body });
    const result = resultOf(accept(answer, { 200: paid, 201: paid, 402: declined }), input);
    if (result.status === 'VOIDED') throw new PaymentOutcomeUnknown('unexpected_answer');
    return result;
  }

  async find(idempotencyKey: string, context: FindContext): Promise<FindResult> {
    const path = `/charges/${encodeURIComponent(idempotencyKey)}`;
    const answer = await this.#call({ method: 'GET', path, idempotencyKey });
    // A bare 404 may come from a wrong base URL; only the provider's own error body proves that nothing was charged.
    const found = accept(answer, { 200: paid, 404: notFound });
    if (found.status !== 'NOT_FOUND') return resultOf(found, { ...context, idempotencyKey });
    sameKey(found, idempotencyKey);
    return { status: 'NOT_FOUND' };
  }

  async capture(input: CaptureInput): Promise<CaptureResult> {
    const { reference: authorization, amount, currency, idempotencyKey } = input;
    const path = `/charges/${encodeURIComponent(authorization)}/capture`;
    const answer = await this.#call({ method: 'POST', path, idempotencyKey, body: { amount, currency } });
    const result = accept(answer, { 200: captured, 422: failed });
    sameKey(result, idempotencyKey);
    if (result.status === 'FAILED') return { status: 'FAILED', reason: result.reason };
    sameMoney(result, input);
    return { status: 'CAPTURED', reference: result.reference };
  }

  async refund(input: RefundInput): Promise<RefundResult> {
    const { reference: charge, amount, currency, idempotencyKey } = input;
    const body = { reference: charge, amount, currency };
    const answer = await this.#call({ method: 'POST', path: '/refunds', idempotencyKey, body });
    return refundResult(accept(answer, { 200: refunded, 201: refunded, 422: failed }), input);
  }

  async findRefund(input: RefundInput): Promise<FindRefundResult> {
    const { idempotencyKey } = input;
    const path = `/refunds/${encodeURIComponent(idempotencyKey)}`;
    const answer = await this.#call({ method: 'GET', path, idempotencyKey });
    const found = accept(answer, { 200: refunded, 404: notFound });
    if (found.status !== 'NOT_FOUND') return refundResult(found, input);
    sameKey(found, idempotencyKey);
    return { status: 'NOT_FOUND' };
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

function resultOf(
  answer: z.output<typeof paid>,
  asked: Pick<ChargeInput, 'amount' | 'currency' | 'idempotencyKey'>,
): Exclude<FindResult, { status: 'NOT_FOUND' }> {
  sameKey(answer, asked.idempotencyKey);
  sameMoney(answer, asked);
  switch (answer.status) {
    case 'CAPTURED':
      return {
        status: 'CAPTURED',
        reference: answer.reference,
        ...(answer.captured_amount !== undefined && { amount: answer.captured_amount }),
      };
    case 'AUTHORIZED':
      return { status: 'AUTHORIZED', reference: answer.reference, captureBefore: answer.capture_before };
    case 'ACTION_REQUIRED':
      return { status: 'ACTION_REQUIRED', reference: answer.reference, action: actionOf(answer.action) };
    case 'VOIDED':
      return { status: 'VOIDED' };
    case 'DECLINED':
      return { status: 'DECLINED', reason: answer.reason };
  }
}

const actionOf = ({ type, client_secret, url }: z.output<typeof action>): PaymentAction => ({
  type,
  ...(client_secret !== undefined && { client_secret }),
  ...(url !== undefined && { url }),
});

function refundResult(answer: z.output<typeof refunded>, asked: RefundInput): RefundResult {
  sameKey(answer, asked.idempotencyKey);
  if (answer.status === 'FAILED') return { status: 'FAILED', reason: answer.reason };
  sameMoney(answer, asked);
  return { status: 'SUCCEEDED', reference: answer.reference };
}

function sameKey(answer: { idempotency_key: string }, idempotencyKey: string): void {
  if (answer.idempotency_key !== idempotencyKey) throw new PaymentOutcomeUnknown('answer_for_another_key');
}

function sameMoney(answer: { amount: string; currency: string }, asked: { amount: string; currency: string }): void {
  if (answer.amount !== asked.amount || answer.currency !== asked.currency) {
    throw new PaymentOutcomeUnknown('answer_for_another_amount');
  }
}
