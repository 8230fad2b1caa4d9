import { parseArgs } from 'node:util';
import { dumpSchema } from './schema-dump.ts';

// Compares the schemas of two databases: shows, when migrations are folded into one, that the new migrations create the same
// database as the old ones. Node scripts/compare-schemas.ts OLD_URL NEW_URL; exit code 1 when they differ.

const { positionals } = parseArgs({ allowPositionals: true });
const [oldUrl, newUrl] = positionals;
if (!oldUrl || !newUrl) {
  console.error('Name two databases: node scripts/compare-schemas.ts postgresql://…/old postgresql://…/new');
  process.exit(2);
}
const [before, after] = await Promise.all(
  [oldUrl, newUrl].map(async (url) => {
    const objects = await dumpSchema(url);
    return new Map(objects.map(({ name, definition }) => [name, definition]));
  }),
);
let differences = 0;
const show = (sign: string, text: string) => console.log(text.replaceAll(/^/gm, `${sign} `));
for (const name of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])) {
  const [old, now] = [before?.get(name), after?.get(name)];
  if (old === now) continue;
  differences += 1;
  console.log(
    `\n== ${name}: ${old === undefined ? 'only in the new one' : now === undefined ? 'only in the old one' : 'different'}`,
  );
  const oldLines = new Set(old?.split('\n'));
  const newLines = new Set(now?.split('\n'));
  for (const line of old?.split('\n') ?? []) if (!newLines.has(line)) show('-', line);
  for (const line of now?.split('\n') ?? []) if (!oldLines.has(line)) show('+', line);
}
console.log(`\n${differences} differences`);
process.exitCode = differences === 0 ? 0 : 1;
