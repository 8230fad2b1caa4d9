import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');

test('the package that npm would publish works where nothing else is', { timeout: 240_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mami-client-'));
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { id: 7, items: [] } }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const packed = await run('npm', ['pack', '--json', '--foreground-scripts=false', '--pack-destination', directory], {
      cwd: root,
    });
    const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
    assert.ok(files.every(({ path }) => path.startsWith('dist/') || ['package.json', 'README.md'].includes(path)));
    await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', join(directory, filename)], {
      cwd: directory,
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await writeFile(
      join(directory, 'shop.mjs'),
      `import { createClient, unwrap } from '@mami/client';
       const api = createClient({ baseUrl: 'http://127.0.0.1:${port}' });
       console.log(unwrap(await api.GET('/api/v1/cart')).data.id);`,
    );
    const { stdout } = await run(process.execPath, ['shop.mjs'], { cwd: directory });
    assert.equal(stdout.trim(), '7');
    await assert.rejects(run(process.execPath, ['--eval', "import('@mami/client/msw')"], { cwd: directory }), /msw/);
    // What the two other entries want is not installed a second time.
    for (const name of ['react', '@tanstack', 'msw'])
      await symlink(join(root, '../node_modules', name), join(directory, 'node_modules', name));
    await writeFile(
      join(directory, 'page.mjs'),
      `import { createClient } from '@mami/client';
       import { createQueryClient, getCartOptions } from '@mami/client/react';
       import { handlers } from '@mami/client/msw';
       import { setupServer } from 'msw/node';
       const api = createClient({ baseUrl: 'http://127.0.0.1:${port}' });
       const read = async () => (await createQueryClient().fetchQuery(getCartOptions({ client: api }))).data.id;
       const real = await read();
       const server = setupServer(...handlers());
       server.listen();
       console.log(real, await read());
       server.close();`,
    );
    const page = await run(process.execPath, ['page.mjs'], { cwd: directory });
    assert.equal(page.stdout.trim(), '7 1');
  } finally {
    server.close();
    await rm(directory, { recursive: true });
  }
});

test('the version of the package is that of the document it is typed by', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { info } = JSON.parse(await readFile(join(root, '../public/openapi.json'), 'utf8'));
  assert.equal(version, info.version);
});
