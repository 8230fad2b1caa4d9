import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectionOf } from './collection.ts';
import { documentOf, textOf } from './document.ts';

// The build defines this constant; scripts set it themselves.
Object.assign(globalThis, { CRASH_TESTS: false });
const { features } = await import('../../src/app.ts');

const root = join(import.meta.dirname, '../..');
const document = documentOf(features);
await writeFile(join(root, 'public/openapi.json'), textOf(document));
await writeFile(join(root, 'docs/postman-collection.json'), textOf(collectionOf(document)));
