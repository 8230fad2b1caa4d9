export const GRANULARITIES = ['day', 'month', 'year'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** A number of days, calendar months or calendar years, including the current one. */
export interface Range {
  count: number;
  unit: Granularity;
}

const UNITS: Record<string, Granularity> = { d: 'day', m: 'month', y: 'year' };
const MOST: Record<Granularity, number> = { day: 3660, month: 120, year: 10 };
const MOST_LABELS_BY_DAY = 92;
const MOST_YEARS_BY_MONTH = 3;

/** Parses `30d`, `12m`, `2y`; undefined for anything else and for more than ten years. */
export function rangeOf(text: string): Range | undefined {
  const [, digits, letter] = /^(\d{1,4})([dmy])$/.exec(text) ?? [];
  const unit = UNITS[letter ?? ''];
  const count = Number(digits);
  return unit && count >= 1 && count <= MOST[unit] ? { count, unit } : undefined;
}

/** The finest granularity that keeps a chart readable. */
export function granularityOf({ count, unit }: Range): Granularity {
  if (unit === 'day') return count <= MOST_LABELS_BY_DAY ? 'day' : 'month';
  return unit === 'year' && count > MOST_YEARS_BY_MONTH ? 'year' : 'month';
}
