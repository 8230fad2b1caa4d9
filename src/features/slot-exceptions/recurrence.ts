import type ICAL from 'ical.js';
import type { ContentLine } from './calendar-lines.ts';
import { type LocalTime, localOf, propertyOf, timeOf, Unreadable, type Zones } from './calendar-time.ts';

const MAX_OCCURRENCES = 50_000;
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
const PARTS = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYDAY', 'BYMONTH', 'BYMONTHDAY'];

/** What is left of the occurrences that one file may have, counted from the first one of each event. */
export class OccurrenceBudget {
  #left = MAX_OCCURRENCES;
  take(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new Unreadable(`The events of a file recur at most ${MAX_OCCURRENCES} times together.`);
  }
}

/** The starts of a recurring event up to a local time. @throws Unreadable for rules that are not followed here */
export function* startsOf(
  rule: ContentLine,
  first: LocalTime,
  until: number,
  { zones, budget }: { zones: Zones; budget: OccurrenceBudget },
): Generator<number> {
  const recur = readRule(rule);
  // An end in UTC is meant as an instant; the starts are local.
  const end = recur.until && localEnd(recur.until, first, zones);
  recur.until = null;
  const iterator = recur.iterator(timeOf(first.local, undefined, first.isDate));
  const months = recur.parts.BYMONTH as number[] | undefined;
  const days = recur.parts.BYMONTHDAY as number[] | undefined;
  for (let next = iterator.next(); next; next = iterator.next()) {
    const local = localOf(next);
    if (local > until || (end !== undefined && end !== null && local > end)) return;
    budget.take();
    // Where a month lacks the day, the iterator goes on to the next month.
    const isMeant =
      (!months || months.includes(next.month)) && (!days || days.some((day) => day < 0 || day === next.day));
    if (isMeant) yield local;
  }
}

function localEnd(until: ICAL.Time, first: LocalTime, zones: Zones): number {
  if (until.isDate) return localOf(until) + 86_399_999;
  return until.zone?.tzid === 'UTC' && first.zone !== 'UTC'
    ? zones.localOf(localOf(until), first.zone)
    : localOf(until);
}

function readRule(rule: ContentLine): ICAL.Recur {
  const recur = propertyOf(rule).getFirstValue() as ICAL.Recur;
  const parts = rule.text
    .replace(/^[^:]*:/, '')
    .toUpperCase()
    .split(';')
    .map((part) => part.split('=')[0] ?? '');
  if (!FREQUENCIES.includes(recur.freq)) throw new Unreadable('Events recur DAILY, WEEKLY, MONTHLY or YEARLY here.');
  const unknown = parts.find((part) => !PARTS.includes(part));
  if (unknown !== undefined)
    throw new Unreadable(`An RRULE has ${PARTS.join(', ')} here, not ${unknown.slice(0, 20)}.`);
  const interval = /INTERVAL=([^;]*)/i.exec(rule.text)?.[1] ?? '1';
  if (!/^[1-9]\d{0,2}$/.test(interval)) throw new Unreadable('INTERVAL must be 1 to 999.');
  const isNarrow =
    parts.includes('BYMONTHDAY') || parts.includes('BYMONTH') || (parts.includes('BYDAY') && interval !== '1');
  // Such a rule may have no day at all, and would be looked for without end.
  if (recur.freq === 'DAILY' && isNarrow)
    throw new Unreadable('A DAILY event is narrowed by BYDAY alone, with an INTERVAL of 1.');
  return recur;
}
