import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { behaviourOf } from '../../src/payments/mockpay.ts';
import { type Answer, PaymentLedger } from './fake-payment-ledger.ts';

/**
 * What the next call does; without a script the provider token decides, as with the built-in provider.
 * `late` works and answers after `ms`; `late_charge` first waits `ms`, then works, even if the client has gone away; `held` does the same
 * at `POST /t/{tenant}/release`.
 */
export type Behaviour =
  | 'approve'
  | 'decline'
  | 'timeout_after_charge'
  | 'timeout_before_charge'
  | 'answer_twice'
  | 'late'
  | 'late_charge'
  | 'held'
  | 'error_500'
  | 'error_500_after_charge'
  | 'drop'
  | 'drop_after_charge'
  | 'garbage';

type Operation = 'charge' | 'authorize' | 'capture' | 'find' | 'refund' | 'findRefund' | 'void';

/** One entry of `POST /t/{tenant}/script`; a bare string is a behaviour of the next charge. */
export interface ScriptStep {
  behaviour: Behaviour;
  on?: Operation;
  ms?: number;
  reason?: string;
}

interface Call {
  operation: Operation;
  key: string;
  token: string;
  work: (decline: string | null) => Answer;
}

/** A provider that never answers holds the connection no longer than this. */
const SILENCE_MS = 30_000;

/** A payment provider over HTTP that misbehaves on demand; each test file has its own ledger under `/t/{tenant}`. */
export async function startFakePaymentProvider(): Promise<{ url: string; stop(): Promise<void> }> {
  const tenants = new Map<string, Tenant>();
  const server: Server = createServer((request, response) => {
    route(tenants, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function route(tenants: Map<string, Tenant>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, root, name = '', ...rest] = new URL(request.url ?? '/', 'http://fake').pathname.split('/');
  if (root !== 't' || !name) return send(response, { status: 404, body: { error: 'no tenant' } });
  const tenant = tenants.get(name) ?? new Tenant();
  tenants.set(name, tenant);
  const body = await readJson(request);
  const path = `${request.method} /${rest.map((part, index) => (index === 1 ? ':id' : part)).join('/')}`;
  const id = decodeURIComponent(rest[1] ?? '');
  const key = String(request.headers['idempotency-key'] ?? '');

  switch (path) {
    case 'POST /script':
      tenant.script.push(...scriptOf(body));
      return send(response, { status: 204, body: null });
    case 'DELETE /script':
      tenant.script.length = 0;
      return send(response, { status: 204, body: null });
    case 'POST /release':
      return send(response, { status: tenant.release() ? 204 : 409, body: null });
    case 'GET /charges':
      return send(response, { status: 200, body: [...tenant.ledger.charges.values()] });
    case 'GET /refunds':
      return send(response, { status: 200, body: [...tenant.ledger.refunds.values()] });
    case 'POST /charges':
      return tenant.perform(response, {
        operation: 'charge',
        key,
        token: String(body.provider_token),
        work: (decline) => tenant.ledger.charge(key, body, decline),
      });
    case 'POST /authorizations':
      return tenant.perform(response, {
        operation: 'authorize',
        key,
        token: String(body.provider_token),
        work: (decline) => tenant.ledger.charge(key, body, decline, true),
      });
    case 'POST /charges/:id/capture':
      return tenant.perform(response, {
        operation: 'capture',
        key,
        token: '',
        work: (decline) => tenant.ledger.capture(id, key, body, decline),
      });
    case 'GET /refunds/:id':
      return tenant.perform(response, {
        operation: 'findRefund',
        key,
        token: '',
        work: () => tenant.ledger.findRefund(id),
      });
    case 'POST /action/:id':
      return send(response, tenant.ledger.settleAction(id, body.passed === true));
    case 'GET /charges/:id':
      return tenant.perform(response, { operation: 'find', key: id, token: '', work: () => tenant.ledger.find(id) });
    case 'POST /refunds':
      return tenant.perform(response, {
        operation: 'refund',
        key,
        token: '',
        work: (decline) => tenant.ledger.refund(key, body, decline),
      });
    case 'POST /charges/:id/void':
      return tenant.perform(response, {
        operation: 'void',
        key,
        token: '',
        work: (no) => tenant.ledger.void(id, key, no),
      });
    default:
      return send(response, { status: 404, body: { error: 'no such route' } });
  }
}

class Tenant {
  readonly ledger = new PaymentLedger();
  readonly script: ScriptStep[] = [];
  readonly #held: (() => void)[] = [];

  /** Answers whether there was something to let go. */
  release(): boolean {
    const held = this.#held.splice(0);
    for (const work of held) work();
    return held.length > 0;
  }

  /** Does the work and answers it, or not, as the script says. */
  async perform(response: ServerResponse, call: Call): Promise<void> {
    const step = this.#nextStep(call);
    const work = () => call.work(step.behaviour === 'decline' ? (step.reason ?? 'card_declined') : null);
    switch (step.behaviour) {
      case 'timeout_before_charge':
        return silence(response);
      case 'timeout_after_charge':
        work();
        return silence(response);
      case 'error_500':
        return send(response, { status: 500, body: { error: 'internal' } });
      case 'error_500_after_charge':
        work();
        return send(response, { status: 500, body: { error: 'internal' } });
      case 'drop':
        return void response.destroy();
      case 'drop_after_charge':
        work();
        return void response.destroy();
      case 'garbage':
        work();
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');
      case 'answer_twice':
        work();
        return sendTwice(response, work());
      case 'late_charge':
        await wait(step.ms ?? 500);
        return send(response, work());
      case 'held':
        this.#held.push(() => send(response, work()));
        return;
      case 'late': {
        const answer = work();
        await wait(step.ms ?? 500);
        return send(response, answer);
      }
      default:
        return send(response, work());
    }
  }

  #nextStep(call: Call): ScriptStep {
    const index = this.script.findIndex((step) => (step.on ?? 'charge') === call.operation);
    const [scripted] = index < 0 ? [] : this.script.splice(index, 1);
    return (
      scripted ??
      (call.operation === 'charge' || call.operation === 'authorize'
        ? stepOfToken(call.token)
        : { behaviour: 'approve' })
    );
  }
}

/** The test cards, as the built-in provider treats them; its time-outs become a dropped line, to be quick. */
function stepOfToken(token: string): ScriptStep {
  switch (behaviourOf(token)) {
    case 'decline':
      return { behaviour: 'decline', reason: 'card_declined' };
    case 'insufficient_funds':
      return { behaviour: 'decline', reason: 'insufficient_funds' };
    case 'timeout_charged':
      return { behaviour: 'drop_after_charge' };
    case 'timeout_lost':
      return { behaviour: 'drop' };
    default:
      return { behaviour: 'approve' };
  }
}

function scriptOf(body: Record<string, unknown>): ScriptStep[] {
  const steps = Array.isArray(body.steps) ? body.steps : [];
  return steps.map((step: Behaviour | ScriptStep) => (typeof step === 'string' ? { behaviour: step } : step));
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const text = Buffer.concat(chunks).toString('utf8');
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(body === null ? '' : JSON.stringify(body));
}

/** Two complete answers to one request on the wire. */
function sendTwice(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  const head = `HTTP/1.1 ${status} Again\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}`;
  const answer = `${head}\r\nconnection: close\r\n\r\n${text}`;
  response.socket?.end(answer + answer);
}

/** Says nothing until the client goes away, or the limit. */
function silence(response: ServerResponse): void {
  const timer = setTimeout(() => response.destroy(), SILENCE_MS);
  response.on('close', () => clearTimeout(timer));
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
