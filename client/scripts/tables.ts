interface Content {
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Response {
  $ref?: string;
  content?: Record<string, Content>;
}

interface Operation {
  operationId: string;
  responses: Record<string, Response>;
  tags: string[];
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Response>; schemas: Record<string, unknown> };
}

interface Refusal {
  error: { code: string; status_code: number };
}

const notice = '// Generated from public/openapi.json by `npm run openapi`.\n\n';
const pascal = (name: string): string => name.replace(/^./, (letter) => letter.toUpperCase());

function* routesOf({ paths }: Document) {
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) yield { path, method, operation };
  }
}

/** What each operation takes and answers, by its name and by its path. */
export function operationsOf(document: Document, types: string): string {
  const named = new Set(Array.from(types.matchAll(/^export type (\w+) =/gm), ([, name = '']) => name));
  const used: string[] = [];
  const use = (name: string) => {
    if (!named.has(name)) return '{}';
    used.push(name);
    return name;
  };
  const operations = Array.from(routesOf(document), ({ operation: { operationId } }) => {
    const parts = ['Data', 'Responses', 'Errors'].map((part) => use(pascal(operationId) + part));
    return `  ${operationId}: Operation<${parts.join(', ')}>;`;
  });
  const paths = Object.entries(document.paths).map(([path, methods]) => {
    const lines = Object.entries(methods).map(([method, o]) => `    ${method}: Operations['${o.operationId}'];`);
    return `  '${path}': {\n${lines.join('\n')}\n  };`;
  });
  const schemas = Object.keys(document.components.schemas).map((name) => `    ${name}: ${use(name)};`);
  const tags = new Set(Array.from(routesOf(document), ({ operation }) => operation.tags).flat());
  return `${notice}import type { Operation } from '../operation.ts';
import type {
  ${used.sort().join(',\n  ')},
} from './types.gen.ts';

export type Tag =
${Array.from(tags, (tag) => `  | '${tag}'`).join('\n')};

export interface Operations {
${operations.join('\n')}
}

export interface paths {
${paths.join('\n')}
}

export interface components {
  schemas: {
${schemas.join('\n')}
  };
}
`;
}

/** The example of each operation, and of each refusal. */
export function examplesOf(document: Document): string {
  const refusals = new Map<string, Refusal>();
  const resolved = ({ $ref, ...response }: Response): Response =>
    $ref === undefined ? response : (document.components.responses[$ref.split('/').at(-1) ?? ''] ?? {});
  const examples = Array.from(routesOf(document), ({ path, method, operation }) => {
    const found = Object.entries(operation.responses).flatMap(([status, response]) =>
      Object.entries(resolved(response).content ?? {}).map(([type, content]) => ({ status, type, content })),
    );
    for (const { content } of found) for (const one of refusalsIn(content)) refusals.set(one.error.code, one);
    // 201 before 200: the first request rather than its repeat. 202 where there is no other.
    const success = ['201', '200', '202'].flatMap((status) => found.filter((one) => one.status === status)).at(0);
    const answer = success && {
      status: Number(success.status),
      type: success.type,
      body: success.content.example ?? Object.values(success.content.examples ?? {}).at(0)?.value ?? '',
    };
    return `  ${operation.operationId}: ${JSON.stringify({ method, path, ...answer })},`;
  });
  const sorted = [...refusals].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${notice}import type { Examples, Refusal } from '../msw/example.ts';

export const examples: Examples = {
${examples.join('\n')}
};

export const refusals: Record<string, Refusal> = {
${sorted.map(([code, refusal]) => `  ${code}: ${JSON.stringify(refusal)},`).join('\n')}
};
`;
}

function refusalsIn({ example, examples = {} }: Content): Refusal[] {
  const values = [example, ...Object.values(examples).map(({ value }) => value)];
  return values.filter((value): value is Refusal => typeof value === 'object' && value !== null && 'error' in value);
}
