import { dereference, type OutputUnit, type Schema, validate } from '@cfworker/json-schema';
import document from '../../public/openapi.json';

interface Media {
  schema: object;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Response {
  headers?: Record<string, unknown>;
  content?: Record<string, Media>;
}

export interface Operation {
  operationId: string;
  description?: string;
  'x-roles'?: string[];
  parameters?: ({ name: string; in: string; required: boolean } | { $ref: string })[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Response>;
}

export const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** What the committed document says of each operation, its shared responses put in place. */
export const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item as unknown as Record<string, Operation>).map(([method, operation]) => ({
    method,
    path,
    operation: { ...operation, responses: resolved(operation.responses) },
  })),
);

function resolved(responses: Record<string, Response | { $ref: string }>): Record<string, Response> {
  const shared = document.components.responses as unknown as Record<string, Response>;
  const entries = Object.entries(responses).map(([status, response]) => {
    const name = '$ref' in response ? response.$ref.split('/').at(-1)! : undefined;
    return [status, name === undefined ? response : shared[name]!];
  });
  return Object.fromEntries(entries);
}

const patterns = operations.map(({ method, path, operation }) => ({
  method,
  parts: path.split('/'),
  operation,
}));

/** The operation that answers this request; a fixed path comes before one with a parameter. */
export function operationAt(method: string, path: string): Operation | undefined {
  const asked = path
    .replace(/^\/api\/v1\/health/, '/health')
    .replace(/\/$/, '')
    .split('/');
  const matching = patterns.filter(
    (pattern) =>
      pattern.method === method.toLowerCase() &&
      pattern.parts.length === asked.length &&
      pattern.parts.every((part, i) => part === asked[i] || part.startsWith('{')),
  );
  const parameters = ({ parts }: { parts: string[] }) => parts.filter((part) => part.startsWith('{')).length;
  return matching.sort((a, b) => parameters(a) - parameters(b))[0]?.operation;
}

const base = new URL('https://api.example.com/');
const lookup = dereference({ components: { schemas: strict(document.components.schemas) } }, {}, base);
const schemas = new Map<Media, Schema>();

/** The media's schema as the validator wants it, worked out on first use. */
function schemaOf(media: Media): Schema {
  const known = schemas.get(media);
  if (known) return known;
  const schema = strict(media.schema) as Schema;
  dereference(schema, lookup, base, `/answers/${schemas.size}`);
  schemas.set(media, schema);
  return schema;
}

/** What an answer has that the document does not say, or says otherwise; fields it does not know count. */
export function problemsWith(operation: Operation, status: number, body: unknown): OutputUnit[] | string[] {
  const response = operation.responses[status];
  if (!response) return [`${operation.operationId} does not document status ${status}`];
  const media = response.content?.['application/json'];
  if (body === undefined && (response.content?.['text/html'] || response.content?.['text/csv'])) return [];
  if (!media) return body === undefined ? [] : [`${operation.operationId} documents no body for ${status}`];
  return validate(body, schemaOf(media), '2020-12', lookup).errors;
}

/** Objects of the document stay open for fields to come; those of today are all named. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  const isOpen = 'properties' in inner && inner.type !== undefined && !('additionalProperties' in inner);
  return isOpen ? { ...inner, additionalProperties: false } : inner;
}

/** @throws Error when an answer is not one that the document knows. What is at no path of it says nothing of it. */
export function holdToDocument(method: string, path: string, answer: { status: number; body: unknown }): void {
  const operation = operationAt(method, path);
  if (!operation) return;
  const problems = problemsWith(operation, answer.status, answer.body);
  if (problems.length === 0) return;
  const said = JSON.stringify(answer.body)?.slice(0, 600);
  throw new Error(
    `${method} ${path} answers ${answer.status} as the document does not know it (stale? npm run openapi): ` +
      `${JSON.stringify(problems.at(-1))}\n${said}`,
  );
}

/** What a body of a request has that the document does not allow. */
export function problemsWithBody(operation: Operation, body: unknown): OutputUnit[] {
  const media = operation.requestBody?.content?.['application/json'];
  if (!media) throw new Error(`${operation.operationId} documents no body`);
  return validate(body, schemaOf(media), '2020-12', lookup).errors;
}
