import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

// The reference page includes its library, so that reading it makes no request to a third party.
const files = ['swagger-ui-bundle.js', 'swagger-ui.css', 'LICENSE', 'NOTICE'];
const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const site = join(import.meta.dirname, '../public');
const target = join(site, 'docs/vendor');

await mkdir(target, { recursive: true });
await Promise.all(files.map((file) => copyFile(join(source, file), join(target, file))));

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
