import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';

// The reference page includes its library, so that reading it makes no request to a third party. Scalar's integration with
// Fastify carries it as a text: docs/decisions/0052-reference-page-by-scalar.md
const carrier = createRequire(import.meta.url).resolve('@scalar/fastify-api-reference');
const [, library] = /^var standalone_default = (".*");$/m.exec(await readFile(carrier, 'utf8')) ?? [];
if (library === undefined) throw new Error(`${carrier} no longer carries the reference page.`);
const site = join(import.meta.dirname, '../public');
const target = join(site, 'docs/vendor');

await mkdir(target, { recursive: true });
await writeFile(join(target, 'scalar.js'), runInNewContext(library));
await copyFile(join(dirname(carrier), '../LICENSE'), join(target, 'LICENSE'));

// The example signs in to demo accounts: `npm run dev` alone has it, no deployment.
const client = join(import.meta.dirname, '../client');
const example = join(site, 'example');
await rm(example, { recursive: true, force: true });
if (process.env.MAMI_EXAMPLE_PAGE === 'true') {
  await cp(join(client, 'example/page'), example, { recursive: true });
  const live = await readFile(join(client, 'src/live.ts'), 'utf8');
  await writeFile(join(example, 'live.js'), stripTypeScriptTypes(live));
  const { buildReactExample } = await import('../client/example/react/build.ts');
  await buildReactExample(join(example, 'react'));
}
