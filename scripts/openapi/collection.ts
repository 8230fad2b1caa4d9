import type { Document } from './document.ts';
import type { JsonSchema } from './schemas.ts';

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

interface Operation {
  tags: string[];
  summary: string;
  description?: string;
  operationId: string;
  security: JsonSchema[];
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { content: Record<string, { example?: unknown; schema: JsonSchema }> };
}

/** A Postman collection (2.1) of the document: a folder per tag, a request per operation. */
export function collectionOf({ info, tags, paths }: Document): JsonSchema {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation: operation as unknown as Operation })),
  );
  return {
    info: {
      name: info.title,
      description: info.description,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: bearer('accessToken'),
    variable: ['baseUrl', 'accessToken', 'refreshToken'].map((key) => ({
      key,
      value: key === 'baseUrl' ? 'http://localhost:8787' : '',
    })),
    item: tags.map((tag) => ({
      name: tag.name,
      description: tag.description,
      item: operations
        .filter(({ operation }) => operation.tags.includes(tag.name))
        .map(({ path, method, operation }) => requestOf(path, method, operation)),
    })),
  };
}

const bearer = (variable: string): JsonSchema => ({
  type: 'bearer',
  bearer: [{ key: 'token', value: `{{${variable}}}`, type: 'string' }],
});

function requestOf(path: string, method: string, operation: Operation): JsonSchema {
  const parameters = (operation.parameters ?? []).filter((parameter): parameter is Parameter => 'name' in parameter);
  // Requests that need the refresh token send it as the bearer token.
  const body = 'auth' in authOf(operation) && operation.security.length > 0 ? undefined : bodyOf(operation);
  return {
    name: operation.summary,
    ...(KEEPS_TOKENS.has(operation.operationId) && { event: [keepTokens] }),
    request: {
      method: method.toUpperCase(),
      ...(operation.description && { description: operation.description }),
      ...authOf(operation),
      header: parameters.filter((parameter) => parameter.in === 'header').map(headerOf),
      url: urlOf(path, parameters),
      ...(body && { body }),
    },
  };
}

/** Undefined inherits the collection's authentication. */
function authOf({ security }: Operation): JsonSchema {
  if (security.length === 0) return { auth: { type: 'noauth' } };
  return security.some((scheme) => 'refreshToken' in scheme) ? { auth: bearer('refreshToken') } : {};
}

const valueFor = ({ schema }: Parameter): string => {
  const [example] = (schema.examples ?? schema.enum ?? []) as unknown[];
  return String(schema.default ?? example ?? '');
};

const headerOf = (parameter: Parameter): JsonSchema => ({
  key: parameter.name,
  value: parameter.name === 'Idempotency-Key' ? '{{$guid}}' : valueFor(parameter),
});

function urlOf(path: string, parameters: Parameter[]): JsonSchema {
  const filled = path.replaceAll(/\{(.+?)\}/g, ':$1');
  const described = ({ name, description }: Parameter) => ({ key: name, ...(description && { description }) });
  return {
    raw: `{{baseUrl}}${filled}`,
    host: ['{{baseUrl}}'],
    path: filled.split('/').filter(Boolean),
    query: parameters
      .filter((parameter) => parameter.in === 'query')
      .map((parameter) => ({ ...described(parameter), value: valueFor(parameter), disabled: !parameter.required })),
    variable: parameters
      .filter((parameter) => parameter.in === 'path')
      .map((parameter) => ({ ...described(parameter), value: valueFor(parameter) })),
  };
}

function bodyOf({ requestBody }: Operation): JsonSchema | undefined {
  const json = requestBody?.content['application/json'];
  if (json) {
    return { mode: 'raw', raw: JSON.stringify(json.example, null, 2), options: { raw: { language: 'json' } } };
  }
  const form = requestBody?.content['multipart/form-data'];
  if (!form) return undefined;
  const fields = Object.keys(form.schema.properties as object);
  return { mode: 'formdata', formdata: fields.map((key) => ({ key, type: 'file', src: [] })) };
}

/** The responses of these operations contain the session for later requests. */
const KEEPS_TOKENS = new Set(['postAuthRegister', 'postAuthLogin', 'postAuthRefresh', 'postAuthChangePassword']);

const keepTokens: JsonSchema = {
  listen: 'test',
  script: {
    type: 'text/javascript',
    exec: [
      'const { data } = pm.response.json();',
      'if (data) {',
      "  pm.collectionVariables.set('accessToken', data.access_token);",
      "  pm.collectionVariables.set('refreshToken', data.refresh_token);",
      '}',
    ],
  },
};
