import Papa from 'papaparse';
import { originalCell } from './csv-cells.ts';
import { AppError, validationError } from './errors.ts';

const MAX_COLUMNS = 50;
export const MAX_CELL = 200;
const SEPARATORS = { ';': 'semicolons', '\t': 'tabs', '|': 'vertical bars' };

export interface CsvRow {
  /** As a spreadsheet counts: blank rows and the header are rows too, a line break inside quotes begins none. */
  row_number: number;
  cells: string[];
  /** A cell beyond the last named column is filled: the values of this row do not stand under their names. */
  isTooWide: boolean;
}

export interface Csv {
  /** Trimmed, in lower case; empty for a column without a name. Without the empty ones at the end. */
  names: string[];
  /** Those that say something. */
  rows: CsvRow[];
}

interface Expected {
  /** Names of which a readable file has some: a file that has more of them under another separator is refused with its name. */
  columns: readonly string[];
  maxRows: number;
  /** Characters of a cell. */
  maxCell?: number;
}

/**
 * Reads comma-separated text whose first row that says something names the columns.
 * @throws AppError 400 for text that cannot be read as a table of this size, 413 for too many rows
 */
export function readCsv(text: string, { columns, maxRows, maxCell = MAX_CELL }: Expected): Csv {
  const lines = text.replaceAll(/\r\n?/g, '\n');
  // Full cells, each of their characters a surrogate pair or a doubled quote, in quotes, with their commas.
  const maxLine = MAX_COLUMNS * (2 * maxCell + 3);
  refuseOtherSeparator(lines, columns, maxLine);
  checkLines(lines, maxLine, maxCell);
  let names: string[] | undefined;
  const rows: CsvRow[] = [];
  let row_number = 0;
  // Row by row, so that a file of millions of rows is given up early; the fast mode would split all of it first.
  const step = ({ data: cells }: { data: string[] }): void => {
    row_number += 1;
    // Blank rows count too: five megabytes of them are refused like others.
    if (row_number > 2 * maxRows) throw tooManyRows(maxRows);
    const filled = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
    if (filled === 0) return;
    cells.length = filled;
    if (names) {
      if (rows.length === maxRows) throw tooManyRows(maxRows);
      const named = cells.slice(0, names.length);
      checkCells(named, row_number, maxCell);
      rows.push({ row_number, cells: named.map(originalCell), isTooWide: filled > names.length });
    } else {
      if (filled > MAX_COLUMNS) throw unreadable(`A file has at most ${MAX_COLUMNS} columns; this one has ${filled}.`);
      checkCells(cells, row_number, maxCell);
      names = cells.map((name) => name.trim().toLowerCase());
    }
  };
  Papa.parse<string[]>(lines, { delimiter: ',', newline: '\n', fastMode: false, step });
  return { names: names ?? [], rows };
}

const unreadable = (message: string): AppError => validationError([{ path: 'file', message }]);

const tooManyRows = (maxRows: number): AppError =>
  new AppError('PAYLOAD_TOO_LARGE', `A file holds at most ${maxRows} rows of data. Split it.`);

function checkCells(cells: readonly string[], rowNumber: number, maxCell: number): void {
  const column = cells.findIndex((cell) => cell.length > maxCell && characters(cell, maxCell) > maxCell);
  if (column < 0) return;
  throw unreadable(
    `A cell holds at most ${maxCell} characters; that of row ${rowNumber}, column ${column + 1} is longer.`,
  );
}

/** A pair of surrogates is one character. What has more than two units for each allowed one need not be counted. */
const characters = (cell: string, maxCell: number): number =>
  cell.length > 2 * maxCell ? cell.length : [...cell].length;

/** Spreadsheets of many countries write semicolons, and call it CSV. */
function refuseOtherSeparator(lines: string, columns: readonly string[], maxLine: number): void {
  const start = lines.search(/\S/);
  if (start < 0) return;
  const end = lines.indexOf('\n', start);
  const first = lines.slice(start, Math.min(end < 0 ? lines.length : end, start + maxLine));
  const known = (separator: string): number =>
    first
      .toLowerCase()
      .split(separator)
      .filter((name) => columns.includes(name.replaceAll('"', '').trim())).length;
  const byComma = known(',');
  for (const [separator, word] of Object.entries(SEPARATORS)) {
    if (known(separator) > byComma) {
      throw unreadable(`The columns of this file are separated by ${word}. Save it separated by commas.`);
    }
  }
}

const [NEWLINE, QUOTE, COMMA, SPACE] = [10, 34, 44, 32];

/**
 * Refuses quotes that do not match, and lines too long to be a row, by their line. The parser would read on to wherever the next
 * quote stands, take the rows between for one cell, and count the rest from there.
 */
function checkLines(lines: string, maxLine: number, maxCell: number): void {
  let line = 1;
  let lineStart = 0;
  let openedIn = 0;
  let at: 'cell start' | 'plain' | 'quoted' | 'closed' = 'cell start';
  for (let i = 0; i <= lines.length; i++) {
    const code = i < lines.length ? lines.charCodeAt(i) : NEWLINE;
    if (code === NEWLINE) {
      if (i - lineStart > maxLine) {
        throw unreadable(`Line ${line} is longer than a row can be: ${MAX_COLUMNS} columns of ${maxCell} characters.`);
      }
      if (at !== 'quoted') at = 'cell start';
      line += 1;
      lineStart = i + 1;
    } else if (at === 'quoted') {
      if (code !== QUOTE) continue;
      if (lines.charCodeAt(i + 1) === QUOTE) i += 1;
      else at = 'closed';
    } else if (code === COMMA) at = 'cell start';
    else if (at === 'closed') {
      if (code !== SPACE) throw unmatched(openedIn);
    } else if (at === 'cell start' && code === QUOTE) {
      at = 'quoted';
      openedIn = line;
    } else at = 'plain';
  }
  if (at === 'quoted') throw unmatched(openedIn);
}

const unmatched = (line: number): AppError =>
  unreadable(
    `The quotes of line ${line} do not match: a cell that begins with a quote ends with one, and doubles those inside.`,
  );
