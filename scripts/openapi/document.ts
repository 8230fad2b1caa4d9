import { BASE_PATH } from '../../src/http/mount.ts';
import type { Feature } from '../../src/http/route.ts';
import { HEADERS, INFO, PARAMETERS, SECURITY_SCHEMES, TAGS } from './about.ts';
import { HEALTH_PATHS } from './health.ts';
import { type Components, operationOf } from './operation.ts';
import { type JsonSchema, Schemas } from './schemas.ts';

export interface Document {
  openapi: string;
  info: JsonSchema;
  servers: JsonSchema[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, JsonSchema>>;
  components: Record<string, Record<string, JsonSchema>>;
}

/** Builds the OpenAPI document of the features, in their order. @throws Error when a route lacks a description or example */
export function documentOf(features: readonly Feature[]): Document {
  const components: Components = { schemas: new Schemas(), responses: {} };
  const paths: Document['paths'] = {};
  for (const feature of features) {
    for (const route of feature.routes) {
      const path = BASE_PATH + feature.basePath + route.spec.path;
      paths[path] = { ...paths[path], [route.spec.method]: operationOf(feature, route, components) };
    }
  }
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/', description: 'The server that this document came from.' }],
    tags: tagsOf(features),
    paths: { ...paths, ...HEALTH_PATHS },
    components: {
      schemas: sorted(components.schemas.components),
      responses: sorted(components.responses),
      parameters: PARAMETERS,
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

/** The text that is committed and served. */
export const textOf = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

function tagsOf(features: readonly Feature[]): Document['tags'] {
  const names = [...new Set(features.map((feature) => feature.tag)), 'Health'];
  return names.map((name) => {
    const description = TAGS[name];
    if (!description) throw new Error(`The tag "${name}" has no description in scripts/openapi/about.ts.`);
    return { name, description };
  });
}

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
