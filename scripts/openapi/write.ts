import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentOf, textOf } from './document.ts';

// The build replaces it; here nothing does.
Object.assign(globalThis, { CRASH_TESTS: false });
const { features } = await import('../../src/app.ts');

const root = join(import.meta.dirname, '../..');
await writeFile(join(root, 'public/openapi.json'), textOf(documentOf(features)));
