import ICAL from 'ical.js';
import type { Block, ContentLine } from './calendar-lines.ts';

/** A local time as if it were UTC, in milliseconds: the arithmetic of calendars knows no clock changes. */
export interface LocalTime {
  local: number;
  isDate: boolean;
  /** An IANA zone, or the TZID of a zone that the file defines. */
  zone: string;
}

/** The time zones that a file may name: those of the IANA, and its own. */
export class Zones {
  readonly #shop: string;
  readonly #own = new Map<string, ICAL.Timezone>();

  constructor(shop: string, blocks: readonly Block[]) {
    this.#shop = shop;
    for (const { lines } of blocks) {
      const tzid = lines
        .find(({ name }) => name === 'TZID')
        ?.text.replace(/^[^:]*:/, '')
        .trim();
      if (!tzid) continue;
      const text = ['BEGIN:VTIMEZONE', ...lines.map((each) => each.text), 'END:VTIMEZONE'].join('\r\n');
      this.#own.set(tzid, new ICAL.Timezone(new ICAL.Component(ICAL.parse(text))));
    }
  }

  /** The name of a zone as it is used from here on; undefined for an unknown one. */
  find(tzid: string | undefined): string | undefined {
    if (tzid === undefined) return this.#shop;
    const name = tzid.replace(/^\//, '');
    if (/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/.test(name)) {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
      } catch {
        // Not of the IANA.
      }
    }
    return this.#own.has(tzid) ? tzid : undefined;
  }

  /** A local time with a zone that the database knows. */
  resolve(local: number, zone: string): { at: string; zone: string } {
    const own = this.#own.get(zone);
    if (!own) return { at: isoOf(local), zone };
    return { at: isoOf(timeOf(local, own).toUnixTime() * 1000), zone: 'UTC' };
  }

  /** An instant as the local time of a zone. */
  localOf(instant: number, zone: string): number {
    const own = this.#own.get(zone);
    if (own) return localOf(timeOf(instant, ICAL.Timezone.utcTimezone).convertToZone(own));
    const parts = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(instant);
    const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0);
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  }
}

/** Without zone and milliseconds. */
const isoOf = (local: number): string => new Date(local).toISOString().slice(0, 19);
export const dayOf = (local: number): string => isoOf(local).slice(0, 10);

export const localOf = (time: ICAL.Time): number =>
  Date.UTC(
    time.year,
    time.month - 1,
    time.day,
    time.isDate ? 0 : time.hour,
    time.isDate ? 0 : time.minute,
    time.isDate ? 0 : time.second,
  );

export function timeOf(local: number, zone: ICAL.Timezone = ICAL.Timezone.localTimezone, isDate = false): ICAL.Time {
  const at = new Date(local);
  return ICAL.Time.fromData(
    {
      year: at.getUTCFullYear(),
      month: at.getUTCMonth() + 1,
      day: at.getUTCDate(),
      hour: at.getUTCHours(),
      minute: at.getUTCMinutes(),
      second: at.getUTCSeconds(),
      isDate,
    },
    zone,
  );
}

/** What is wrong with a line, in words for whoever sent it. */
export class Unreadable extends Error {}

export function propertyOf({ text }: ContentLine): ICAL.Property {
  try {
    const property = ICAL.Property.fromString(text, ICAL.design.icalendar);
    // Some values are only looked at when they are asked for.
    property.getValues();
    return property;
  } catch {
    throw new Unreadable('The value of this line cannot be read.');
  }
}

/** The times of a line such as DTSTART or EXDATE. @throws Unreadable for dates that do not exist, and unknown zones */
export function timesOf(line: ContentLine, zones: Zones): LocalTime[] {
  const property = propertyOf(line);
  const [, , type, ...values] = property.toJSON() as [string, object, string, ...unknown[]];
  const tzid = property.getParameter('tzid');
  if (type !== 'date' && type !== 'date-time') throw new Unreadable(`${line.name} must be a date or a time.`);
  return values.map((value) => {
    const [, iso, utc] = /^(\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d)?)(Z?)$/.exec(String(value)) ?? [];
    const local = Date.parse(`${iso}${type === 'date' ? 'T00:00:00' : ''}Z`);
    if (iso === undefined || Number.isNaN(local) || !isoOf(local).startsWith(iso)) {
      throw new Unreadable(`${line.name} is not a date or time that exists.`);
    }
    const zone = utc ? 'UTC' : zones.find(typeof tzid === 'string' ? tzid : undefined);
    if (zone === undefined) throw new Unreadable(`The time zone ${String(tzid).slice(0, 64)} is not known.`);
    return { local, isDate: type === 'date', zone };
  });
}
