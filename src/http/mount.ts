import type { Context, Handler, Hono, MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import { authorize, identify } from './authenticate.ts';
import { ChangedProducts, invalidatingAfter } from './cache/changed-products.ts';
import { TOPICS } from './cache/invalidation-log.ts';
import { publicCacheOf } from './cache/public-cache.ts';
import { keyOf, serveCached, VARY_BY_LANGUAGE } from './cache/serve.ts';
import { rememberRead } from './cache/shortcut.ts';
import {
  type Access,
  type AppEnv,
  beginningWith,
  beginRequest,
  beginSystem,
  type Call,
  runningAs,
  type SignedInCall,
} from './context.ts';
import { respondFile, respondHtml, respondJson } from './headers.ts';
import { type Input, inputReader, readBody } from './input.ts';
import { languageOf } from './language.ts';
import { rateLimitKindOf } from './rate-limit/kind.ts';
import { rateLimit } from './rate-limit/rate-limit.ts';
import { type Renderer, rendererOf } from './render.ts';
import { Download, type Feature, needsTotp, type Route, type RouteSpec } from './route.ts';

export const BASE_PATH = '/api/v1';

/** What follows each command of a feature that succeeded. */
type AfterChange = (call: Call) => void;

/** Adds a feature's routes to the app, each behind the checks it declares. */
export function mount(app: Hono<AppEnv>, feature: Feature, afterChange?: AfterChange): void {
  for (const route of feature.routes) {
    const path = `${BASE_PATH}${feature.basePath}${route.spec.path}`.replaceAll(/\{(.+?)\}/g, ':$1');
    app.on([route.spec.method.toUpperCase()], [path], ...checksOf(route), handlerOf(route, path, afterChange));
  }
}

/** The middleware that refuses requests, in the order of the contract: 429, 401, 403, 413, 415, then 400. */
function checksOf(route: Route): MiddlewareHandler<AppEnv>[] {
  const { spec, roles } = route;
  return [
    identify,
    ...(spec.ahead ? [beginAhead(spec.ahead)] : []),
    rateLimit({
      mode: spec.limitMode ?? (spec.method === 'get' ? 'read' : 'write'),
      kind: rateLimitKindOf(route),
      isForSignedIn: roles !== null,
      ...(spec.limit === undefined ? {} : { limit: spec.limit }),
    }),
    ...(roles ? [authorize(roles, spec)] : []),
    ...(spec.body || spec.upload || spec.rawBodyLimit ? [bodyReader(route)] : []),
  ];
}

const beginAhead =
  (begin: NonNullable<RouteSpec['ahead']>): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const identity = c.get('identity');
    const ahead = identity && begin(c.env, identity, c.req.raw.headers);
    c.set('ahead', ahead);
    await next();
    await ahead?.cancel((work) => c.executionCtx.waitUntil(work));
  };

const bodyReader =
  (route: Route): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    c.set('upload', await checkingSession(c, route, () => readBody(c, route)));
    await next();
  };

/** Checks the session before a caller learns what is wrong with the request, unless a batch has done so already. */
async function checkingSession<T>(c: Context<AppEnv>, route: Route, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isUnchecked = error instanceof AppError && REQUEST_ERRORS.has(error.status) && c.get('database').trips === 0;
    if (route.roles && isUnchecked) await callOf(c, route).batch([]);
    throw error;
  }
}

const REQUEST_ERRORS: ReadonlySet<number> = new Set([400, 413, 415]);

const accessOf = (route: Route): Access | null =>
  route.roles && { roles: route.roles, needsTotp: needsTotp(route), scopes: route.spec.scopes ?? [] };

function callOf(
  c: Context<AppEnv>,
  route: Route,
  changed = new ChangedProducts(),
  changesAfter: Call['changesAfter'] = () => {},
): Call | SignedInCall {
  const { database, requestId, receivedAt, identity, config } = c.var;
  const isPublicRead = route.roles === null && route.spec.method === 'get';
  const access = accessOf(route);
  const first = access && identity ? beginRequest(identity, access, requestId) : beginSystem(requestId);
  return {
    env: c.env,
    config,
    requestId,
    receivedAt,
    get origin() {
      return new URL(c.req.url).origin;
    },
    headers: c.req.raw.headers,
    database,
    client: {
      ip: c.req.header('cf-connecting-ip') ?? null,
      userAgent: c.req.header('user-agent')?.slice(0, 300).toWellFormed() ?? null,
    },
    language: requestedLanguage(c),
    background: (work) => c.executionCtx.waitUntil(work),
    productsChanged: changed.add,
    nothingChanged: changed.none,
    changesAfter,
    batch: isPublicRead ? (statements) => database.batch(statements) : beginningWith(database, first),
    ...(access &&
      identity && { user: identity, ahead: c.get('ahead'), run: runningAs(database, identity, access, requestId) }),
  };
}

const requestedLanguage = (c: Context<AppEnv>) =>
  languageOf(c.req.query('lang'), c.req.header('accept-language') ?? null);

function handlerOf(route: Route, path: string, afterChange: AfterChange | undefined): Handler<AppEnv> {
  const { spec } = route;
  const readInput = inputReader(route);
  const render = rendererOf(spec);
  return async (c) => {
    const input = await checkingSession(c, route, () => readInput(c, c.get('upload')));
    if (spec.cacheSeconds && c.get('config').publicCache) return readPublic(c, route, path, input, render);
    const answer = await checkingSession(c, route, () => runHandler(c, route, input));
    if (afterChange && spec.method !== 'get' && !spec.makesNoEvents) afterChange(callOf(c, route));
    if (answer instanceof Download) return respondFile(c, answer);
    if (answer instanceof Response) return answer;
    const { body, status, headers, page } = render(input, answer);
    const own = { 'Cache-Control': 'no-store', ...(spec.translated && { Vary: VARY_BY_LANGUAGE }), ...headers };
    return page ? respondHtml(c, page, own) : respondJson(c, status, body, own);
  };
}

function runHandler(c: Context<AppEnv>, route: Route, input: Input): Promise<unknown> {
  const { changes } = route.spec;
  if (!changes) return route.handle(callOf(c, route), input);
  const changed = new ChangedProducts();
  const command = () => route.handle(callOf(c, route, changed), input);
  return invalidatingAfter(publicCacheOf(c.get('config')), changes, changed, command);
}

async function readPublic(
  c: Context<AppEnv>,
  route: Route,
  path: string,
  input: Input,
  render: Renderer,
): Promise<Response> {
  const { cacheSeconds: seconds = 0, dependsOn: topics = TOPICS, shows, limit, translated = false } = route.spec;
  const language = translated ? requestedLanguage(c) : undefined;
  const keyIn = (lang: string | undefined) =>
    keyOf(path, input.params, translated ? { ...Object(input.query), lang } : input.query);
  const key = keyIn(language);
  const policy = { seconds, topics, translated };
  const response = await serveCached(c, publicCacheOf(c.get('config')), key, policy, async () => {
    let changesAfter: number | undefined;
    const call = callOf(c, route, undefined, (milliseconds) => {
      changesAfter = milliseconds ?? undefined;
    });
    const { body } = render(input, await route.handle(call, input));
    const products = shows?.(body.data as never, input as never);
    return { body: JSON.stringify(body), products, changesAfter };
  });
  const lang = translated && c.req.query('lang') === undefined ? 'by header' : language;
  rememberRead(c.req.raw.url, { keyIn, lang, policy, path, limit });
  return response;
}
