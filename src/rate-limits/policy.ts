/** At most `limit` requests in any `seconds`. */
export interface Window {
  limit: number;
  seconds: number;
}

// Flask-Limiter's units: a month is 30 days and a year is twelve such months.
const UNIT_SECONDS: Record<string, number> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  month: 2_592_000,
  year: 31_104_000,
};

/** Ten years, so that every instant computed from a window stays a safe integer. */
export const MAX_WINDOW_SECONDS = 10 * 31_104_000;

const EXPRESSION = /^(\d{1,9})\s*(?:\/|per)\s*(\d{1,9})?\s*(second|minute|hour|day|month|year)s?$/i;

const parsed = new Map<string, Window[]>();

/**
 * Parses a policy in Flask-Limiter's syntax: `200 per day, 50 per hour`, `5/minute`, `10 per 2 hours`, separated by `,`, `;`
 * or `|`. An empty text is no limit. Of two limits over the same length only the lower one is kept.
 * @throws Error naming the part that is not understood
 */
export function parsePolicy(text: string): Window[] {
  const known = parsed.get(text);
  if (known) return known;
  const bySeconds = new Map<number, Window>();
  for (const part of text.trim() === '' ? [] : text.split(/[,;|]/)) {
    const window = parseWindow(part.trim());
    const other = bySeconds.get(window.seconds);
    if (!other || window.limit < other.limit) bySeconds.set(window.seconds, window);
  }
  const windows = [...bySeconds.values()];
  parsed.set(text, windows);
  return windows;
}

function parseWindow(part: string): Window {
  const [, limit, multiple = '1', unit = ''] = EXPRESSION.exec(part) ?? [];
  const window = { limit: Number(limit), seconds: Number(multiple) * (UNIT_SECONDS[unit.toLowerCase()] ?? 0) };
  if (!(window.limit >= 1 && window.seconds >= 1 && window.seconds <= MAX_WINDOW_SECONDS)) {
    throw new Error(`Not a rate limit: "${part}" (expected for example "50 per hour" or "5/minute")`);
  }
  return window;
}
