import { zValidator } from '@hono/zod-validator';
import type { Context, Handler, Hono, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { type Problem, validationError } from '../errors.ts';
import { authorize, identify } from './authenticate.ts';
import { readJson, readUpload } from './body.ts';
import { Touched, writing } from './cache/changes.ts';
import { publicCacheOf } from './cache/public-cache.ts';
import { keyOf, serveCached } from './cache/serve.ts';
import { TOPICS } from './cache/writes.ts';
import { type AppEnv, beginningWith, beginRequest, beginSystem, type Call, type SignedInCall } from './context.ts';
import { rateLimit } from './rate-limit/rate-limit.ts';
import { type Renderer, rendererOf } from './render.ts';
import type { Feature, Route } from './route.ts';

export const BASE_PATH = '/api/v1';

/** Puts a feature's routes into the app, each behind the door it declared. */
export function mount(app: Hono<AppEnv>, feature: Feature): void {
  for (const route of feature.routes) {
    const path = `${BASE_PATH}${feature.basePath}${route.spec.path}`.replaceAll(/\{(.+?)\}/g, ':$1');
    app.on([route.spec.method.toUpperCase()], [path], ...door(route), handlerOf(route, path));
  }
}

/** The refusals in the contract's order: 429, 401, 403, 413, 415, 400. */
function door(route: Route): MiddlewareHandler<AppEnv>[] {
  const { spec, roles } = route;
  const isRead = spec.method === 'get' && roles === null;
  return [
    identify,
    rateLimit({
      mode: spec.limitMode ?? (isRead ? 'public-read' : 'write'),
      ...(spec.limit === undefined ? {} : { limit: spec.limit }),
    }),
    ...(roles ? [authorize(roles, spec.auditDenied)] : []),
    ...(spec.body || spec.upload ? [bodyReader(route)] : []),
    ...partsOf(route).map(([target, schema]) => validated(route, target, schema)),
  ];
}

const validated = (route: Route, target: Target, schema: z.ZodType): MiddlewareHandler =>
  zValidator(target, schema, async (result, c: Context) => {
    if (!result.success) await refuse(c, route, validationError(await problemsOf(c, route)));
  });

type Target = 'param' | 'query' | 'header' | 'json';

function partsOf({ spec }: Route): [Target, z.ZodType][] {
  const parts: [Target, z.ZodObject | z.ZodType | undefined][] = [
    ['param', spec.params],
    ['query', spec.query],
    ['header', spec.headers],
    ['json', spec.body],
  ];
  return parts.filter((part): part is [Target, z.ZodType] => part[1] !== undefined);
}

/** Before a caller learns what is wrong with the request, the session must be found alive. */
async function refuse(c: Context<AppEnv>, route: Route, error: unknown): Promise<never> {
  if (route.roles) await callOf(c, route).batch([]);
  throw error;
}

function bodyReader(route: Route): MiddlewareHandler<AppEnv> {
  const { upload, bodyOptional } = route.spec;
  return async (c, next) => {
    try {
      if (upload) c.set('upload', await readUpload(c, upload));
      else await readJson(c, !bodyOptional);
    } catch (error) {
      await refuse(c, route, error);
    }
    await next();
  };
}

/** Every problem of every part of the request, not only those of the part that failed first. */
async function problemsOf(c: Context, route: Route): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [target, schema] of partsOf(route)) {
    const result = await schema.safeParseAsync(await partValue(c, target));
    for (const issue of result.error?.issues ?? []) {
      problems.push({
        path: [target, ...issue.path].join('.').replace(/^json\.?/, '') || 'body',
        message: issue.message,
      });
    }
  }
  return problems;
}

async function partValue(c: Context, target: Target): Promise<unknown> {
  if (target === 'param') return c.req.param();
  if (target === 'query') return c.req.query();
  if (target === 'header') return c.req.header();
  return c.req.json();
}

function callOf(c: Context<AppEnv>, route: Route, touched = new Touched()): Call | SignedInCall {
  const { database, requestId, identity, config } = c.var;
  const isPublicRead = route.roles === null && route.spec.method === 'get';
  const first = route.roles && identity ? beginRequest(identity, route.roles, requestId) : beginSystem(requestId);
  return {
    env: c.env,
    config,
    requestId,
    database,
    client: {
      ip: c.req.header('cf-connecting-ip') ?? null,
      userAgent: c.req.header('user-agent')?.slice(0, 300) ?? null,
    },
    background: (work) => c.executionCtx.waitUntil(work),
    touched: touched.add,
    batch: isPublicRead ? (statements) => database.batch(statements) : beginningWith(database, first),
    ...(route.roles && identity && { user: identity }),
  };
}

type Input = Parameters<Route['handle']>[1];

function handlerOf(route: Route, path: string): Handler<AppEnv> {
  const { spec } = route;
  const render = rendererOf(spec);
  return async (c) => {
    const valid = (target: Target) => c.req.valid(target as never) as never;
    const input: Input = {
      params: valid('param'),
      query: valid('query'),
      headers: valid('header'),
      body: valid('json'),
      file: c.get('upload') ?? '',
    };
    if (spec.cacheSeconds && c.get('config').publicCache) return readPublic(c, route, path, input, render);
    const { body, status, headers } = render(input, await carryOut(c, route, input));
    c.header('Cache-Control', 'no-store');
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    return c.json(body, status);
  };
}

function carryOut(c: Context<AppEnv>, route: Route, input: Input): Promise<unknown> {
  const { changes } = route.spec;
  if (!changes) return route.handle(callOf(c, route), input);
  const touched = new Touched();
  const work = () => route.handle(callOf(c, route, touched), input);
  return writing(publicCacheOf(c.get('config')), changes, touched, work);
}

function readPublic(c: Context<AppEnv>, route: Route, path: string, input: Input, render: Renderer): Promise<Response> {
  const { cacheSeconds: seconds = 0, dependsOn: topics = TOPICS, shows } = route.spec;
  const key = keyOf(path, input.params, input.query);
  return serveCached(c, publicCacheOf(c.get('config')), key, { seconds, topics }, async () => {
    const { body } = render(input, await route.handle(callOf(c, route), input));
    return { body: JSON.stringify(body), products: shows?.(body.data as never, input as never) };
  });
}
