import { AppError, validationError } from '../../errors.ts';

const MAX_EVENTS = 1000;

/** A content line of an iCalendar file, put together again where it was folded, with the number of its first line. */
export interface ContentLine {
  line: number;
  name: string;
  text: string;
}

export interface LineError {
  line: number;
  message: string;
}

/** One VEVENT or VTIMEZONE: the number of its BEGIN and the lines in between, without those of components inside an event. */
export interface Block {
  line: number;
  lines: ContentLine[];
}

export interface CalendarBlocks {
  events: Block[];
  zones: Block[];
  errors: LineError[];
}

const PROPERTY = /^([A-Za-z0-9-]+)(?=[;:])[^:]*:/;

/** Takes an iCalendar file apart. @throws AppError 400 for what is none, 413 for too many events */
export function splitCalendar(text: string): CalendarBlocks {
  const lines = unfold(text.replace(/^\u{feff}/u, ''));
  const first = lines[0]?.text.trim().toUpperCase();
  const last = lines.at(-1)?.text.trim().toUpperCase();
  if (first !== 'BEGIN:VCALENDAR') throw notCalendar('it begins with BEGIN:VCALENDAR');
  if (last !== 'END:VCALENDAR') throw notCalendar('it ends with END:VCALENDAR');
  const found: CalendarBlocks = { events: [], zones: [], errors: [] };
  const open: string[] = [];
  let block: Block | undefined;
  for (const each of lines) {
    const { line, text: content } = each;
    const [, edge, kind = ''] = /^(BEGIN|END):\s*([A-Z0-9-]+)\s*$/i.exec(content) ?? [];
    const component = kind.toUpperCase();
    if (edge === undefined) {
      const name = PROPERTY.exec(content)?.[1];
      if (name === undefined) found.errors.push({ line, message: 'This line is no property: NAME:value.' });
      else if (block && (open.at(-1) === 'VEVENT' || open.includes('VTIMEZONE')))
        block.lines.push({ ...each, name: name.toUpperCase() });
    } else if (edge.toUpperCase() === 'BEGIN') {
      open.push(component);
      if (component === 'VEVENT' || component === 'VTIMEZONE') {
        block = { line, lines: [] };
        (component === 'VEVENT' ? found.events : found.zones).push(block);
        if (found.events.length > MAX_EVENTS) {
          throw new AppError('PAYLOAD_TOO_LARGE', `A file holds at most ${MAX_EVENTS} events. Split it.`);
        }
      } else if (open.includes('VTIMEZONE')) block?.lines.push({ ...each, name: 'BEGIN' });
    } else if (open.pop() !== component) {
      found.errors.push({ line, message: `END:${component} has no BEGIN before it.` });
      return found;
    } else if (open.includes('VTIMEZONE')) block?.lines.push({ ...each, name: 'END' });
    else if (component === 'VEVENT' || component === 'VTIMEZONE') block = undefined;
  }
  if (open.length > 0) found.errors.push({ line: lines.length, message: `${open.at(-1)} has no END.` });
  return found;
}

const notCalendar = (rule: string): AppError =>
  validationError([{ path: 'file', message: `This is not an iCalendar file: ${rule}.` }]);

/** A line that begins with a space or a tab continues the one before it. */
function unfold(text: string): ContentLine[] {
  const lines: ContentLine[] = [];
  // Pieces are joined once: a line may be folded into thousands.
  let pieces: string[] = [];
  let start = 0;
  const close = () => {
    const joined = pieces.join('');
    if (joined.trim() !== '') lines.push({ line: start, name: '', text: joined });
  };
  text.split(/\r\n|\n|\r/).forEach((content, index) => {
    if (/^[ \t]/.test(content) && pieces.length > 0) {
      pieces.push(content.slice(1));
      return;
    }
    close();
    pieces = [content];
    start = index + 1;
  });
  close();
  return lines;
}
