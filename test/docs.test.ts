import { describe, expect, it } from 'vitest';
import knownFailures from '../docs/known-failures.md?raw';
import security from '../docs/security.md?raw';

const sources = import.meta.glob<string>(['./**/*.test.ts', '../scripts/test/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Rows of a document's tables that name tests, as cells. */
const rowsOf = (document: string): string[][] =>
  document
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('.test.ts'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const citationsOf = (document: string) =>
  rowsOf(document).flatMap((cells) =>
    cells
      .at(-1)!
      .split('<br>')
      .map((test) => ({ subject: cells[0], test })),
  );

describe.each([
  ['known-failures.md', knownFailures],
  ['security.md', security],
])('docs/%s', (_, document) => {
  it.each(citationsOf(document))('$subject: $test', ({ test }) => {
    const [, file, title] = /^`(.+?)`: (.+)$/.exec(test)!;
    const source = sources[`./${file}`] ?? sources[`../${file}`];
    expect(source, file).toBeTypeOf('string');
    const said = source!.replaceAll("\\'", "'");
    const isThere = [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => said.includes(quoted));
    expect(isThere, title).toBe(true);
  });
});

it('each of 36 known failures has its test', () => {
  expect(rowsOf(knownFailures.split('\n## ')[0]!)).toHaveLength(36);
});
