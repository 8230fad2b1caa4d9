/** What a spreadsheet runs instead of showing it (in East Asia the full-width signs too), and what is written for it: one apostrophe more. */
const FORMULA = /^'*[=+\-@＝＋－＠\t\r\n]/;
const NEUTRAL = /^'+[=+\-@＝＋－＠\t\r\n]/;

/** The cell as it is written to a file that a spreadsheet may open. `originalCell` takes it back. */
export const neutralCell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** The text that `neutralCell` was given. */
export const originalCell = (cell: string): string => (NEUTRAL.test(cell) ? cell.slice(1) : cell);
