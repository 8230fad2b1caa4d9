// Makes src/generated from the OpenAPI document: types, calls and query options by Hey API, then what it has no plugin for.
// `--output DIR` writes elsewhere, for the comparison of .ci/check.
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '@hey-api/openapi-ts';
import { type Document, examplesOf, operationsOf } from './tables.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { output: { type: 'string', default: join(root, 'src/generated') } } });
const output = resolve(values.output);
const document: Document = JSON.parse(await readFile(join(root, '../public/openapi.json'), 'utf8'), withoutPatterns);

await createClient({
  input: document as unknown as Record<string, unknown>,
  output: { path: output, importFileExtension: '.ts', entryFile: false },
  logs: { level: 'silent', file: false },
  plugins: [
    { name: '@hey-api/client-fetch', runtimeConfigPath: join(root, 'src/no-default.ts') },
    '@hey-api/typescript',
    // `createClient` of the package sends the token.
    { name: '@hey-api/sdk', auth: false },
    {
      name: '@tanstack/react-query',
      comments: false,
      infiniteQueryOptions: false,
      mutationKeys: { tags: true },
      queryKeys: { tags: true },
    },
  ],
});

// Written elsewhere, it would lead from there.
const configured = join(output, 'client.gen.ts');
const source = await readFile(configured, 'utf8');
await writeFile(configured, source.replace(/'[^']*no-default\.ts'/, "'../no-default.ts'"));

const types = await readFile(join(output, 'types.gen.ts'), 'utf8');
await writeFile(join(output, 'operations.gen.ts'), operationsOf(document, types));
await writeFile(join(output, 'examples.gen.ts'), examplesOf(document));

/** Patterns in an `allOf` say nothing to a type, and Hey API makes `unknown` of a text that has them. */
function withoutPatterns(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('allOf' in value) || !Array.isArray(value.allOf)) return value;
  const { allOf, ...rest } = value;
  return allOf.every((part) => Object.keys(part).join() === 'pattern') ? rest : value;
}
