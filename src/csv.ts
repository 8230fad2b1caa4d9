import Papa from 'papaparse';
import { AppError, validationError } from './errors.ts';

const MAX_COLUMNS = 50;
export const MAX_CELL = 200;
/** Fifty full cells, each of its characters a surrogate pair or a doubled quote, in quotes, with their commas. */
const MAX_LINE = MAX_COLUMNS * (2 * MAX_CELL + 3);
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

/**
 * Reads comma-separated text whose first row that says something names the columns.
 * @param columns names of which a readable file has some: a file that has more of them under another separator is refused with its name
 * @throws AppError 400 for text that cannot be read as a table of this size, 413 for too many rows
 */
export function readCsv(text: string, { columns, maxRows }: { columns: readonly string[]; maxRows: number }): Csv {
  const lines = text.replaceAll(/\r\n?/g, '\n');
  refuseOtherSeparator(lines, columns);
  checkLines(lines);
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
      checkCells(cells.slice(0, names.length), row_number);
      rows.push({ row_number, cells, isTooWide: filled > names.length });
      cells.length = Math.min(filled, names.length);
    } else {
      if (filled > MAX_COLUMNS) throw unreadable(`A file has at most ${MAX_COLUMNS} columns; this one has ${filled}.`);
      checkCells(cells, row_number);
      names = cells.map((name) => name.trim().toLowerCase());
    }
  };
  Papa.parse<string[]>(lines, { delimiter: ',', newline: '\n', fastMode: false, step });
  return { names: names ?? [], rows };
}

const unreadable = (message: string): AppError => validationError([{ path: 'file', message }]);

const tooManyRows = (maxRows: number): AppError =>
  new AppError('PAYLOAD_TOO_LARGE', `A file holds at most ${maxRows} rows of data. Split it.`);

function checkCells(cells: readonly string[], rowNumber: number): void {
  const column = cells.findIndex((cell) => cell.length > MAX_CELL && characters(cell) > MAX_CELL);
  if (column < 0) return;
  throw unreadable(
    `A cell holds at most ${MAX_CELL} characters; that of row ${rowNumber}, column ${column + 1} is longer.`,
  );
}

/** A pair of surrogates is one character. What has more than two units for each allowed one need not be counted. */
const characters = (cell: string): number => (cell.length > 2 * MAX_CELL ? cell.length : [...cell].length);

/** Spreadsheets of many countries write semicolons, and call it CSV. */
function refuseOtherSeparator(lines: string, columns: readonly string[]): void {
  const start = lines.search(/\S/);
  if (start < 0) return;
  const end = lines.indexOf('\n', start);
  const first = lines.slice(start, Math.min(end < 0 ? lines.length : end, start + MAX_LINE));
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
function checkLines(lines: string): void {
  let line = 1;
  let lineStart = 0;
  let openedIn = 0;
  let at: 'cell start' | 'plain' | 'quoted' | 'closed' = 'cell start';
  for (let i = 0; i <= lines.length; i++) {
    const code = i < lines.length ? lines.charCodeAt(i) : NEWLINE;
    if (code === NEWLINE) {
      if (i - lineStart > MAX_LINE) {
        throw unreadable(`Line ${line} is longer than a row can be: ${MAX_COLUMNS} columns of ${MAX_CELL} characters.`);
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
