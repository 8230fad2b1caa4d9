import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** Formats source text as `biome format` does for this file name. */
export async function format(fileName: string, source: string): Promise<string> {
  const biome = spawn(resolve(import.meta.dirname, '../node_modules/.bin/biome'), [
    'format',
    `--stdin-file-path=${fileName}`,
  ]);
  biome.stdin.end(source);
  const [formatted, [code]] = await Promise.all([text(biome.stdout), once(biome, 'close')]);
  if (code !== 0) throw new Error(`biome could not format ${fileName}`);
  return formatted;
}
