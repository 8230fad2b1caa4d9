import { z } from '@hono/zod-openapi';
import { zValidator } from '@hono/zod-validator';
import type { Context, Handler, Hono, MiddlewareHandler } from 'hono';
import { type Problem, validationError } from '../errors.ts';
import { authorize, identify } from './authenticate.ts';
import { readJson, readUpload } from './body.ts';
import { type AppEnv, beginningWith, beginRequest, beginSystem, type Call, type SignedInCall } from './context.ts';
import { rateLimit } from './rate-limit/rate-limit.ts';
import { type Feature, Reply, type Route } from './route.ts';

export const BASE_PATH = '/api/v1';

/** Puts a feature's routes into the app, each behind the door it declared. */
export function mount(app: Hono<AppEnv>, feature: Feature): void {
  for (const route of feature.routes) {
    const path = `${BASE_PATH}${feature.basePath}${route.spec.path}`.replaceAll(/\{(.+?)\}/g, ':$1');
    app.on([route.spec.method.toUpperCase()], [path], ...door(route), handlerOf(route));
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

function callOf(c: Context<AppEnv>, route: Route): Call | SignedInCall {
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
    batch: isPublicRead ? (statements) => database.batch(statements) : beginningWith(database, first),
    ...(route.roles && identity && { user: identity }),
  };
}

function handlerOf(route: Route): Handler<AppEnv> {
  const { spec } = route;
  const schema = spec.paged ? z.array(spec.returns) : spec.returns;
  return async (c) => {
    const valid = (target: Target) => c.req.valid(target as never) as never;
    const query = valid('query') as { limit: number; offset: number };
    const answer = await route.handle(callOf(c, route), {
      params: valid('param'),
      query,
      headers: valid('header'),
      body: valid('json'),
      file: c.get('upload') ?? '',
    });
    c.header('Cache-Control', spec.cacheSeconds ? `public, max-age=${spec.cacheSeconds}` : 'no-store');
    if (spec.paged) {
      const { items, total } = answer as { items: unknown; total: number };
      const { limit, offset } = query;
      return c.json({ data: schema.parse(items), meta: { total, limit, offset, has_next: offset + limit < total } });
    }
    const reply = answer instanceof Reply ? answer : new Reply(answer, {});
    for (const [name, value] of Object.entries(reply.headers)) c.header(name, value);
    return c.json({ data: schema.parse(reply.data) }, reply.status ?? spec.status ?? 200);
  };
}
