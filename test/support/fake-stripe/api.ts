import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account, SeenRequest } from './account.ts';
import type { Accounts } from './accounts.ts';
import { badParameter, noSuchUrl, StripeProblem, troubleOf } from './errors.ts';
import { expanded, refuseUnexpandable } from './expand.ts';
import type { Fault } from './faults.ts';
import { type Form, Params, parseForm } from './form.ts';
import type { Outcome } from './keys.ts';
import type { Route } from './route.ts';
import { findRoute } from './routes.ts';

const defaultVersion = '2026-10-28.endive';

/** One request to `/v1/…`, from its bytes to its answer. */
interface Exchange {
  account: Account;
  route: Route;
  id: string;
  path: string;
  form: Form;
  base: string;
  requestId: string;
  key: string | null;
  response: ServerResponse;
  seen: SeenRequest;
}

/** Answers a request to Stripe's API. */
export async function answerApi(
  accounts: Accounts,
  request: IncomingMessage,
  response: ServerResponse,
  { body, base }: { body: string; base: string },
): Promise<void> {
  const requestId = `req_${randomBytes(7).toString('hex')}`;
  const version = String(request.headers['stripe-version'] ?? defaultVersion);
  const key = request.method === 'POST' ? (request.headers['idempotency-key']?.toString() ?? null) : null;
  response.setHeader('request-id', requestId);
  response.setHeader('stripe-version', version);
  if (key !== null) response.setHeader('idempotency-key', key);
  try {
    const url = new URL(request.url ?? '/', base);
    const method = request.method ?? 'GET';
    const form = parseForm(method === 'GET' ? url.search.slice(1) : readable(request, body));
    const found = findRoute(method, url.pathname);
    const account = accounts.authenticate(request.headers.authorization, found, form);
    if (found === null) throw noSuchUrl(method, url.pathname);
    refuseVersion(version);
    account.apiVersion = version;
    account.runDue();
    const seen = { route: found.route.route, path: url.pathname, idempotency_key: key, status: null, replayed: false };
    account.requests.push(seen);
    await perform({ ...found, account, path: url.pathname, form, base, requestId, key, response, seen });
  } catch (error) {
    send(response, problemOutcome(error, requestId, response));
  }
}

function readable(request: IncomingMessage, body: string): string {
  const type = request.headers['content-type'] ?? '';
  if (body === '' || type.startsWith('application/x-www-form-urlencoded')) return body;
  throw badParameter(
    'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have questions, we can help at https://support.stripe.com/.',
  );
}

function refuseVersion(version: string): void {
  if (/^\d{4}-\d{2}-\d{2}(\.\w+)?$/.test(version)) return;
  throw badParameter(`Invalid Stripe API version: ${version}`);
}

/** Rate limits stand before the idempotency keys, the endpoint's own trouble behind them. */
async function perform(exchange: Exchange): Promise<void> {
  const { account, response } = exchange;
  const fault = account.faults.take(exchange.route.route);
  if (fault?.mode === 'drop' && fault.when !== 'after') return void response.destroy();
  if (fault?.mode === 'error' && fault.when !== 'after' && !isKept(fault)) {
    return finish(exchange, troubleOutcome(fault, exchange));
  }
  const replay = begin(exchange);
  if (replay !== null) return finish(exchange, replay, true);
  if (fault !== null && fault.when !== 'after' && (fault.mode === 'hang' || fault.mode === 'late')) {
    await account.faults.wait(fault.ms);
  }
  if (fault?.mode === 'hang' && fault.when !== 'after') {
    if (exchange.key !== null) account.idempotency.abandon(exchange.key);
    return void response.destroy();
  }
  const { kept, answer } = fault?.mode === 'error' ? faulty(fault, exchange) : plain(work(exchange));
  if (fault?.when === 'after' && (fault.mode === 'hang' || fault.mode === 'late')) await account.faults.wait(fault.ms);
  settle(exchange, kept);
  if (fault?.mode === 'drop' || fault?.mode === 'hang') return void response.destroy();
  finish(exchange, answer);
}

const isKept = (fault: Fault): boolean => fault.kept ?? (fault.status ?? 500) >= 500;

/** An outcome, and whether the work had begun: what had not begun is not kept for replay. */
interface Worked {
  outcome: Outcome;
  executed: boolean;
}

function begin({ account, key, path, form }: Exchange): Outcome | null {
  if (key === null) return null;
  const fingerprint = JSON.stringify(form, Object.keys(flat(form)).sort());
  return account.idempotency.begin(key, path, fingerprint, account.now());
}

/** Every name at every depth: what makes `JSON.stringify` write a form in one order. */
function flat(form: Form): Record<string, true> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => [
      [name, true],
      ...(typeof value === 'object' ? Object.entries(flat(value)) : []),
    ]),
  );
}

function work({ account, route, id, form, base, requestId, key, response }: Exchange): Worked {
  account.request = { id: requestId, idempotency_key: key };
  try {
    const params = new Params(route.spec, form);
    const expand = params.list('expand');
    refuseUnexpandable(route.route, expand);
    const answer = route.handle({ account, params, id, base });
    const body = JSON.stringify(expanded(account, answer, expand), null, 2);
    return { outcome: { status: 200, body, requestId }, executed: true };
  } catch (error) {
    const outcome = problemOutcome(error, requestId, response);
    return { outcome, executed: !(error instanceof StripeProblem) || error.executed };
  }
}

/** What is kept for replay, and what this request is told. */
interface Told {
  kept: Worked;
  answer: Outcome;
}

const plain = (worked: Worked): Told => ({ kept: worked, answer: worked.outcome });

/** A server in front of the endpoint may fail after the endpoint has kept its answer. */
function faulty(fault: Fault, exchange: Exchange): Told {
  const worked = fault.when === 'after' ? work(exchange) : null;
  const answer = troubleOutcome(fault, exchange);
  const trouble = { outcome: answer, executed: true };
  return { kept: worked === null || isKept(fault) ? trouble : worked, answer };
}

function settle({ account, key }: Exchange, { outcome, executed }: Worked): void {
  if (key === null) return;
  if (executed) account.idempotency.keep(key, outcome);
  else account.idempotency.abandon(key);
}

function troubleOutcome({ status = 500, code }: Fault, { requestId, response }: Exchange): Outcome {
  if (status === 429 && code !== 'lock_timeout') response.setHeader('stripe-rate-limited-reason', 'global-rate');
  return { status, body: errorBody(troubleOf(status, code), requestId), requestId };
}

function problemOutcome(error: unknown, requestId: string, response: ServerResponse): Outcome {
  if (!(error instanceof StripeProblem)) {
    console.error('The stand-in for Stripe failed:', error);
    return { status: 500, body: errorBody(troubleOf(500, undefined), requestId), requestId };
  }
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  return { status: error.status, body: errorBody(error.fields, requestId), requestId };
}

const errorBody = (fields: Record<string, unknown>, requestId: string): string =>
  JSON.stringify(
    { error: { ...fields, request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}` } },
    null,
    2,
  );

function finish({ response, seen }: Exchange, outcome: Outcome, replayed = false): void {
  seen.status = outcome.status;
  seen.replayed = replayed;
  if (replayed) {
    response.setHeader('idempotent-replayed', 'true');
    response.setHeader('original-request', outcome.requestId);
    response.setHeader('stripe-should-retry', 'false');
  }
  send(response, outcome);
}

function send(response: ServerResponse, { status, body }: Outcome): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
