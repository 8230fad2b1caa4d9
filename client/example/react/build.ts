import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The page as files that any server can send. */
export async function buildReactExample(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const here = import.meta.dirname;
  const worker = createRequire(import.meta.url).resolve('msw/mockServiceWorker.js');
  await Promise.all([
    ...['index.html', 'style.css'].map((file) => copyFile(join(here, file), join(target, file))),
    copyFile(worker, join(target, 'mockServiceWorker.js')),
    build({
      entryPoints: [join(here, 'main.tsx')],
      outdir: target,
      bundle: true,
      splitting: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'warning',
    }),
  ]);
}
