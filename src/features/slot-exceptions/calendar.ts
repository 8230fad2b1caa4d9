import type { Block, ContentLine, LineError } from './calendar-lines.ts';
import { splitCalendar } from './calendar-lines.ts';
import { dayOf, type LocalTime, propertyOf, timesOf, Unreadable, Zones } from './calendar-time.ts';
import { OccurrenceBudget, startsOf } from './recurrence.ts';

const DAY = 86_400_000;
/** How far ahead recurring events are followed, and the longest event. */
const HORIZON_DAYS = 731;
const MAX_DAYS = 366;
const MAX_ERRORS = 100;
const MAX_REASON = 200;

/** A whole day, or a local time in a zone that the database knows. */
type Span = { date: string } | { start: string; end: string; zone: string };

export interface ClosingEvent {
  reason: string;
  spans: Span[];
}

interface Reading {
  zones: Zones;
  budget: OccurrenceBudget;
  now: number;
  /** Starts of recurring events that another event of the file replaces, as `uid local`. */
  replaced: Set<string>;
}

/**
 * What the events of an iCalendar file cover from today on, and the lines that cannot be read.
 * @throws AppError 400 for what is no iCalendar file, 413 for too many events
 */
export function readCalendar(text: string, { timeZone, today }: { timeZone: string; today: Date }) {
  const { events: blocks, zones: zoneBlocks, errors } = splitCalendar(text);
  const events: ClosingEvent[] = [];
  let zones = new Zones(timeZone, []);
  try {
    zones = new Zones(timeZone, zoneBlocks);
  } catch {
    errors.push({ line: zoneBlocks[0]?.line ?? 1, message: 'A time zone of this file cannot be read.' });
  }
  const reading: Reading = { zones, budget: new OccurrenceBudget(), now: today.getTime(), replaced: new Set() };
  for (const block of blocks) collect(block, errors, () => noteReplaced(block, reading));
  for (const block of blocks) {
    collect(block, errors, () => {
      events.push(readEvent(block, reading));
    });
  }
  const known = new Map(errors.map((error) => [error.line, error]));
  return { events, errors: [...known.values()].sort((a, b) => a.line - b.line).slice(0, MAX_ERRORS) };
}

/** An `Unreadable` that knows its line. */
class BadLine extends Unreadable {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

function collect(block: Block, errors: LineError[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    errors.push({ line: error instanceof BadLine ? error.line : block.line, message: error.message });
  }
}

/** Reads a line, naming it when it cannot be read. */
function reading<T>(line: ContentLine, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Unreadable ? new BadLine(line.line, error.message) : error;
  }
}

const named = ({ lines }: Block, name: string): ContentLine | undefined => lines.find((each) => each.name === name);
const textOf = (line: ContentLine | undefined): string =>
  line ? reading(line, () => String(propertyOf(line).getFirstValue() ?? '')) : '';

function noteReplaced(block: Block, { zones, replaced }: Reading): void {
  const line = named(block, 'RECURRENCE-ID');
  if (!line) return;
  const [start] = reading(line, () => timesOf(line, zones));
  if (start) replaced.add(keyOf(textOf(named(block, 'UID')), start.local, start.zone, zones));
}

const keyOf = (uid: string, local: number, zone: string, zones: Zones): string => {
  const { at, zone: known } = zones.resolve(local, zone);
  return `${uid} ${at} ${known}`;
};

function readEvent(block: Block, context: Reading): ClosingEvent {
  const { zones, now } = context;
  const start = named(block, 'DTSTART');
  if (!start) throw new BadLine(block.line, 'This event has no DTSTART.');
  const [first] = reading(start, () => timesOf(start, zones));
  if (!first) throw new BadLine(start.line, 'DTSTART is empty.');
  const length = lengthOf(block, first, zones);
  const starts = allStarts(block, first, context);
  const isCanceled = /^cancell?ed$/i.test(textOf(named(block, 'STATUS')).trim());
  const reason = reasonOf(block);
  if (isCanceled || length === 0) return { reason, spans: [] };
  // Which day it is differs between zones; what has passed is left out by the database.
  const spans = starts
    .filter((local) => local + length > now - 2 * DAY)
    .flatMap((local) => spansOf(local, length, first, zones));
  return { reason, spans };
}

/** In milliseconds; a day for a date alone, nothing for a time alone. */
function lengthOf(block: Block, first: LocalTime, zones: Zones): number {
  const end = named(block, 'DTEND');
  const duration = named(block, 'DURATION');
  const line = end ?? duration;
  if (!line) return first.isDate ? DAY : 0;
  const length = reading(line, () => {
    if (line === duration) {
      const value = propertyOf(line).getFirstValue() as { toSeconds?: () => number } | null;
      if (!value?.toSeconds) throw new Unreadable('DURATION cannot be read.');
      return value.toSeconds() * 1000;
    }
    const [last] = timesOf(line, zones);
    if (last?.isDate !== first.isDate) throw new Unreadable('DTSTART and DTEND must both be dates or both be times.');
    if (last.zone !== first.zone) throw new Unreadable('DTEND must be in the time zone of DTSTART.');
    return last.local - first.local;
  });
  if (length < 0) throw new BadLine(line.line, 'The event ends before it begins.');
  if (length > MAX_DAYS * DAY) throw new BadLine(line.line, `An event is at most ${MAX_DAYS} days long.`);
  return first.isDate ? Math.max(Math.ceil(length / DAY), 1) * DAY : length;
}

function allStarts(block: Block, first: LocalTime, { zones, budget, now, replaced }: Reading): number[] {
  const starts = new Set([first.local]);
  for (const rule of block.lines.filter(({ name }) => name === 'RRULE')) {
    reading(rule, () => {
      // The first start counts although the rule may not have it.
      for (const local of startsOf(rule, first, now + HORIZON_DAYS * DAY, { zones, budget })) starts.add(local);
    });
  }
  const listed = (name: string): number[] =>
    block.lines
      .filter((each) => each.name === name)
      .flatMap((line) => reading(line, () => timesOf(line, zones).map((time) => inZoneOf(first, time, zones))));
  for (const local of listed('RDATE')) starts.add(local);
  const excluded = new Set(listed('EXDATE'));
  const uid = textOf(named(block, 'UID'));
  const isReplacement = named(block, 'RECURRENCE-ID') !== undefined;
  return [...starts].filter(
    (local) => !excluded.has(local) && (isReplacement || !replaced.has(keyOf(uid, local, first.zone, zones))),
  );
}

/** A time of a list, as a local time of the event. */
const inZoneOf = (first: LocalTime, time: LocalTime, zones: Zones): number =>
  time.zone === 'UTC' && first.zone !== 'UTC' ? zones.localOf(time.local, first.zone) : time.local;

function spansOf(local: number, length: number, { isDate, zone }: LocalTime, zones: Zones): Span[] {
  if (isDate) return Array.from({ length: length / DAY }, (_, day) => ({ date: dayOf(local + day * DAY) }));
  const start = zones.resolve(local, zone);
  const end = zones.resolve(local + length, zone);
  return [{ start: start.at, end: end.at, zone: start.zone }];
}

/** The title without what cannot be shown. */
function reasonOf(block: Block): string {
  const title = textOf(named(block, 'SUMMARY'))
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return [...title].slice(0, MAX_REASON).join('') || 'Closed';
}
