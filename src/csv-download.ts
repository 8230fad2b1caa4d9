import Papa from 'papaparse';
import { neutralCell } from './csv-cells.ts';
import { Download } from './http/route.ts';

type Cell = string | number | boolean | null;

/** Rows of one trip to the database. */
export const EXPORT_PAGE = 2_000;
/** By it a spreadsheet knows that the file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';
const encoder = new TextEncoder();

interface CsvExport<Row> {
  /** Of the file, without its ending. */
  name: string;
  /** Header and content of each column, in this order. */
  columns: Record<string, (row: Row) => Cell>;
  /** The rows that follow this one, at most `EXPORT_PAGE`; undefined: the first ones. */
  rowsAfter: (last: Row | undefined) => Promise<Row[]>;
}

/**
 * A file of any number of rows in the memory of one page: the next page is asked for when the client has taken the last. The first
 * one is read before the answer begins, so a refusal has its status; a failure later breaks the transfer off, so that no client takes
 * a part for the whole.
 */
export async function csvDownload<Row>({ name, columns, rowsAfter }: CsvExport<Row>): Promise<Download> {
  const fields = Object.keys(columns);
  const cellsOf = Object.values(columns);
  const textOf = (rows: Row[], isFirst: boolean): Uint8Array => {
    const data = rows.map((row) => cellsOf.map((cellOf) => written(cellOf(row))));
    const text = Papa.unparse({ fields, data }, { header: isFirst, newline: '\r\n' });
    const lines = text === '' ? '' : `${text}\r\n`;
    return encoder.encode(isFirst ? BYTE_ORDER_MARK + lines : lines);
  };
  let rows = await rowsAfter(undefined);
  let isFirst = true;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!isFirst) rows = await rowsAfter(rows.at(-1));
        if (isFirst || rows.length > 0) controller.enqueue(textOf(rows, isFirst));
        isFirst = false;
        if (rows.length < EXPORT_PAGE) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return new Download(`${name}.csv`, 'text/csv; charset=utf-8', body);
}

/** ISO 8601 with Z, as in JSON. */
export const utc = (instant: string | null): string | null => instant && new Date(instant).toISOString();

const written = (cell: Cell): string => (cell === null ? '' : neutralCell(String(cell)));
