import { type SQL, sql } from 'drizzle-orm';
import type { Range } from './range.ts';

const today = (timeZone: string): SQL => sql`(now() at time zone ${timeZone}::text)::date`;

/** The first date of a range, in the shop's time zone. */
export const firstDay = ({ count, unit }: Range, timeZone: string): SQL =>
  sql`(date_trunc(${unit}::text, ${today(timeZone)}::timestamp) - make_interval(${sql.raw(`${unit}s`)} => ${count - 1}::int))::date`;

/** The instant at which the range starts. */
export const startOf = (range: Range, timeZone: string): SQL =>
  sql`(${firstDay(range, timeZone)}::timestamp at time zone ${timeZone}::text)`;
