import { describe, expect, it } from 'vitest';
import knownFailures from '../docs/known-failures.md?raw';

describe('docs/known-failures.md', () => {
  const sources = import.meta.glob<string>('./**/*.test.ts', { query: '?raw', import: 'default', eager: true });
  const rows = knownFailures
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('.test.ts'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it.each(rows.flatMap(([, failure, cell]) => cell!.split('<br>').map((test) => ({ failure, test }))))(
    '$failure: $test',
    ({ test }) => {
      const [, file, title] = /^`(.+?)`: (.+)$/.exec(test)!;
      const source = sources[`./${file}`];
      expect(source, file).toBeTypeOf('string');
      const said = source!.replaceAll("\\'", "'");
      expect(
        [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => said.includes(quoted)),
        title,
      ).toBe(true);
    },
  );

  it('names a test for each of 36 failures', () => {
    expect(rows).toHaveLength(36);
  });
});
