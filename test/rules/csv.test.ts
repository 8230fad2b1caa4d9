import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { MAX_CELL, readCsv } from '../../src/csv.ts';
import { AppError } from '../../src/errors.ts';

const options = { columns: ['id', 'quantity'], maxRows: 50 };
/** What a spreadsheet may hold: separators, quotes, line breaks, any script. */
const cell = fc.string({ unit: fc.constantFrom('a', 'ש', '"', ',', '\n', ';', ' ', '1', '\u{1f34e}'), maxLength: 12 });

describe('a CSV file', () => {
  it('is read back as it was written, whatever its cells hold', () => {
    const table = fc.array(fc.tuple(cell, cell), { maxLength: 20 });
    fc.assert(
      fc.property(table, fc.boolean(), (rows, quotes) => {
        const text = Papa.unparse([['id', 'quantity'], ...rows], { quotes, newline: '\n' });
        const { rows: read } = readCsv(text, options);
        const spoken = rows.filter((cells) => cells.some((each) => each.trim() !== ''));
        expect(read.map(({ cells }) => [cells[0] ?? '', cells[1] ?? ''])).toEqual(
          spoken.map(([id, quantity]) => [id, quantity.trim() === '' ? '' : quantity]),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('is read or refused, and nothing else, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('id', ',', '"', '\n', '\r', ';', '\t', 'x', '0'), maxLength: 60 }),
        (text) => {
          try {
            for (const { cells } of readCsv(text, options).rows)
              for (const each of cells) expect(each.length).toBeLessThanOrEqual(2 * MAX_CELL);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
