import { type DefaultBodyType, type HttpHandler, HttpResponse, http } from 'msw';
import { examples, refusals } from '../generated/examples.gen.ts';
import type { Operations } from '../generated/operations.gen.ts';

type Name = keyof Operations;
type Body<Of extends Name> = Operations[Of]['success'];
type CodeOf<Failure> = Failure extends { error: { code: infer Code } } ? Code : never;

/** A refusal that the document lists for the operation, by its code. */
export interface Refused<Of extends Name> {
  refusal: CodeOf<Operations[Of]['error']>;
  details?: Record<string, unknown>;
}

interface Asked<Of extends Name> {
  request: Request;
  params: Record<string, string>;
  /** A copy of the document's example. */
  example: Body<Of>;
}

type Given<Of extends Name> = Body<Of> | Refused<Of> | Response;

/** An answer, or a function that makes one for each request. */
export type Answer<Of extends Name> = Given<Of> | ((asked: Asked<Of>) => Given<Of> | Promise<Given<Of>>);

export interface HandlerOptions {
  /** Any server when left out. */
  baseUrl?: string;
}

/**
 * Answers one operation: as the document's example does, or as given.
 * @example
 * server.use(handler('postCartItems', { refusal: 'OUT_OF_STOCK_ANYWHERE' }));
 * server.use(handler('getCart', ({ example }) => ({ data: { ...example.data, items: [] } })));
 */
export function handler<Of extends Name>(
  name: Of,
  answer?: Answer<Of>,
  { baseUrl = '*' }: HandlerOptions = {},
): HttpHandler {
  const { method, path, status = 501, type, body } = examples[name];
  const address = baseUrl.replace(/\/+$/, '') + path.replace(/\{(\w+)\}/g, ':$1');
  return http[method](address, async ({ request, params }) => {
    const example = structuredClone(body) as Body<Of>;
    const asked = { request, params: params as Record<string, string>, example };
    const given: Given<Of> = typeof answer === 'function' ? await answer(asked) : (answer ?? example);
    if (given instanceof Response) return given;
    if (given === undefined) return new HttpResponse(null, { status });
    if (isRefused<Of>(given)) return refused(given);
    if (typeof given === 'string') return new HttpResponse(given, { status, headers: { 'Content-Type': type ?? '' } });
    return HttpResponse.json(given as DefaultBodyType, { status });
  });
}

/** A handler for every operation, with answers of one's own for some. */
export function handlers(answers: { [Of in Name]?: Answer<Of> } = {}, options: HandlerOptions = {}): HttpHandler[] {
  const names = Object.keys(examples) as Name[];
  // The first that matches answers: `/products/search` before `/products/{id}`.
  names.sort((a, b) => (sortable(examples[a].path) < sortable(examples[b].path) ? -1 : 1));
  return names.map((name) => handler(name, answers[name] as Answer<Name> | undefined, options));
}

const sortable = (path: string): string => path.replaceAll('{', '\uffff');

const isRefused = <Of extends Name>(given: unknown): given is Refused<Of> =>
  typeof given === 'object' && given !== null && 'refusal' in given;

function refused({ refusal, details }: { refusal: unknown; details?: Record<string, unknown> }): Response {
  const known = refusals[String(refusal)];
  if (!known) throw new Error(`The document has no refusal ${refusal}.`);
  const error = { ...known.error, ...(details && { details }) };
  return HttpResponse.json({ error }, { status: error.status_code });
}
