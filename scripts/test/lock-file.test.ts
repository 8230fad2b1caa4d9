import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';

interface Locked {
  integrity?: string;
  link?: boolean;
  resolved?: string;
}

const text = await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8');
const { packages }: { packages: Record<string, Locked> } = JSON.parse(text);
const installed = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);

// npm leaves the checksum of other platforms' packages out when it writes the file from what is installed:
// `npm view NAME@VERSION dist.integrity` has it.
it('has a checksum of every package', () => {
  assert.ok(installed.length > 400);
  const without = installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path);
  assert.deepEqual(without, []);
});

it('names no registry', () => {
  assert.deepEqual(
    installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path),
    [],
  );
});
