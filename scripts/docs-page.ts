import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// The reference page includes its library, so that reading it makes no request to a third party.
const files = ['swagger-ui-bundle.js', 'swagger-ui.css', 'LICENSE', 'NOTICE'];
const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const target = join(import.meta.dirname, '../public/docs/vendor');

await mkdir(target, { recursive: true });
await Promise.all(files.map((file) => copyFile(join(source, file), join(target, file))));
