import type * as z from 'zod';
import { PageMeta } from '../../src/http/fields.ts';
import { QUOTA_HEADERS } from '../../src/http/rate-limit/headers.ts';
import { rateLimitKindOf } from '../../src/http/rate-limit/kind.ts';
import type { Feature, Route } from '../../src/http/route.ts';
import { RATE_LIMIT_KINDS } from '../../src/rate-limits/kinds.ts';
import { errorResponses } from './errors.ts';
import { bodyExample, exampleOf } from './examples.ts';
import type { JsonSchema, Schemas } from './schemas.ts';

/** Shared by all operations of a document. */
export interface Components {
  schemas: Schemas;
  responses: Record<string, JsonSchema>;
}

const header = (name: string): JsonSchema => ({ $ref: `#/components/headers/${name}` });

/** `GET /me/addresses/{id}` becomes `getMeAddressesById`: stable as long as the route is. */
function operationId(method: string, path: string): string {
  const words = path
    .replaceAll(/\{(.+?)\}/g, (_, name: string) => `by-${name}`)
    .split(/[/_-]/)
    .filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

export function operationOf(feature: Feature, route: Route, components: Components): JsonSchema {
  const { spec } = route;
  const parameters = parametersOf(route, components);
  const id = operationId(spec.method, feature.basePath + spec.path);
  const body = requestBody(id, route, components);
  return {
    tags: [feature.tag],
    summary: spec.summary,
    description: [spec.description, scopeNote(route), rateLimitNote(route)].filter(Boolean).join('\n\n'),
    operationId: id,
    ...(route.roles && { 'x-roles': route.roles }),
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    responses: { ...successes(route, components), ...errorResponses(route, components.responses) },
  };
}

function scopeNote({ spec }: Route): string | undefined {
  return spec.scopes && `API keys need the scope ${spec.scopes.map((scope) => `\`${scope}\``).join(' or ')}.`;
}

function rateLimitNote(route: Route): string {
  if (route.spec.limit === '') return 'Rate limit: none.';
  if (route.spec.limit !== undefined) return `Rate limit: ${route.spec.limit}.`;
  const { variable, limit } = RATE_LIMIT_KINDS[rateLimitKindOf(route)];
  return `Rate limit: \`${variable}\` (${limit}).`;
}

/** Public routes that read the Authorization header expect a refresh token in it. */
function securityOf({ roles, spec }: Route): JsonSchema[] {
  if (roles) return [{ accessToken: [] }, ...(spec.scopes ?? []).map((scope) => ({ apiKey: [scope] }))];
  return spec.headers && 'authorization' in spec.headers.shape ? [{ refreshToken: [] }, {}] : [];
}

function parametersOf({ spec }: Route, { schemas }: Components): JsonSchema[] {
  const parts: [string, z.ZodObject | undefined][] = [
    ['path', spec.params],
    ['query', spec.query],
    ['header', spec.headers],
  ];
  const declared = parts.flatMap(([place, object]) => (object ? parametersIn(place, object, spec, schemas) : []));
  return [
    ...declared,
    ...(spec.translated ? [{ $ref: '#/components/parameters/Accept-Language' }] : []),
    ...(spec.cacheSeconds ? [{ $ref: '#/components/parameters/If-None-Match' }] : []),
  ];
}

function parametersIn(place: string, object: z.ZodObject, { errors }: Route['spec'], schemas: Schemas): JsonSchema[] {
  const converted = schemas.resolve(schemas.of(object, 'input'));
  const required = (converted.required ?? []) as string[];
  const properties = Object.entries(converted.properties as Record<string, JsonSchema>);
  return properties
    .filter(([name]) => name !== 'authorization' && name !== 'accept')
    .map(([name, { description, ...schema }]) => ({
      name: place === 'header' ? name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()) : name,
      in: place,
      // Clients must send it, although the schema allows its absence: a missing key has its own error code.
      required:
        place === 'path' ||
        (name === 'idempotency-key' && errors?.includes('MISSING_IDEMPOTENCY_KEY')) ||
        required.includes(name),
      ...(typeof description === 'string' && { description }),
      schema,
    }));
}

function requestBody(operation: string, { spec }: Route, { schemas }: Components): JsonSchema | undefined {
  if (spec.upload) {
    const file = { type: 'string', format: 'binary', description: 'Text in UTF-8, at most 5 MiB.' };
    const form = spec.form && schemas.resolve(schemas.of(spec.form, 'input'));
    const schema = {
      type: 'object',
      required: [spec.upload, ...((form?.required as string[] | undefined) ?? [])],
      properties: { [spec.upload]: file, ...(form?.properties as JsonSchema | undefined) },
    };
    return { required: true, content: { 'multipart/form-data': { schema } } };
  }
  if (spec.rawBodyLimit) {
    const description = `As it was signed, at most ${spec.rawBodyLimit / 1024} KiB.`;
    return { required: true, content: { 'application/json': { schema: { type: 'object', description } } } };
  }
  if (!spec.body) return undefined;
  const schema = schemas.of(spec.body, 'input');
  const example = bodyExample(operation, spec.body, schema, schemas);
  return { required: !spec.bodyOptional, content: { 'application/json': { schema, example } } };
}

const MEANING: Record<number, string> = { 200: 'Done.', 201: 'Created.', 202: 'Accepted.' };

function successes(route: Route, components: Components): Record<string, JsonSchema> {
  const { spec } = route;
  if (spec.status === 101) return { 101: connected(route, components) };
  const first = spec.status ?? 200;
  const content = {
    ...(spec.downloads
      ? { [spec.downloads.type]: { schema: { type: 'string' }, example: spec.downloads.example } }
      : { 'application/json': envelope(route, components) }),
    ...(spec.alsoHtml && { 'text/html': { schema: { type: 'string' } } }),
  };
  const statuses = [...new Set([first, ...(spec.alsoStatus ?? [])])].sort();
  const responses: Record<string, JsonSchema> = {};
  for (const status of statuses) {
    responses[status] = { description: MEANING[status], headers: successHeaders(route, status), content };
  }
  if (spec.pending) {
    const schema = components.schemas.of(spec.pending, 'output');
    const waiting = { type: 'object', required: ['data'], properties: { data: schema } };
    responses[202] = {
      description: 'An action of the customer is required first (3-D Secure).',
      headers: successHeaders(route, 202),
      content: { 'application/json': { schema: waiting, example: exampleOf(waiting, components.schemas) } },
    };
  }
  if (spec.cacheSeconds) {
    responses[304] = {
      description: 'Not modified since the `ETag` of the request.',
      headers: successHeaders(route, 304),
    };
  }
  return responses;
}

/** OpenAPI has no word for what comes through a WebSocket. */
function connected({ spec }: Route, { schemas }: Components): JsonSchema {
  return {
    description: 'Connected. Each message is a LiveMessage.',
    headers: { 'X-Request-Id': header('X-Request-Id') },
    'x-message': schemas.of(spec.returns, 'output'),
  };
}

function successHeaders({ spec }: Route, status: number): JsonSchema {
  const names: string[] = ['X-Request-Id', ...QUOTA_HEADERS];
  if (spec.cacheSeconds) names.push('ETag', 'Cache-Control');
  // A replayed request returns 200, where the route declares that status.
  const isRepeat = status === 200 || !spec.alsoStatus?.includes(200);
  if (spec.headers && 'idempotency-key' in spec.headers.shape && isRepeat) names.push('Idempotency-Replayed');
  return Object.fromEntries(names.map((name) => [name, header(name)]));
}

function envelope({ spec }: Route, { schemas }: Components): JsonSchema {
  const one = schemas.of(spec.returns, 'output');
  const data = spec.paged ? { type: 'array', items: one } : one;
  const page = spec.alsoMeta ? PageMeta.extend(spec.alsoMeta).meta({ id: 'ListingMeta' }) : PageMeta;
  const meta = spec.paged && schemas.of(page as z.ZodType, 'output');
  const schema = {
    type: 'object',
    required: meta ? ['data', 'meta'] : ['data'],
    properties: { data, ...(meta && { meta }) },
  };
  return { schema, example: exampleOf(schema, schemas) };
}
