import * as z from 'zod';

export const MAX_ID = 2_147_483_647;

/** An id in a body. */
export const Id = z.int().min(1).max(MAX_ID).meta({ example: 1 });

/** An id in a path or query, where everything is text. */
export const IdText = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, 'must be a positive integer')
  .transform(Number)
  .refine((id) => id <= MAX_ID, 'must be a positive 32-bit integer')
  .meta({ type: 'integer', minimum: 1, maximum: MAX_ID, example: 1 });

export const IdParams = z.object({ id: IdText });

/** The header `Idempotency-Key`. Where `mayBeEmpty`, the handler has a refusal of its own for a request without one. */
export const idempotencyKey = (description: string, { mayBeEmpty = false } = {}) =>
  z
    .string()
    .regex(mayBeEmpty ? /^[\x21-\x7e]{0,128}$/ : /^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible characters')
    .optional()
    // An empty key is refused as well, by a code of its own.
    .meta({ pattern: '^[\\x21-\\x7e]{1,128}$', description, example: '4f9c2d1e-77ab' });

/** A decimal string with two digits in a response. JSON that the database built still has it as a number. */
export const Money = z
  .union([z.string(), z.number()])
  .transform((amount) => (typeof amount === 'number' ? amount.toFixed(2) : amount))
  .meta({ type: 'string', pattern: '^-?\\d+\\.\\d{2}$', example: '12.90' });

/** An amount in a request: a number or a decimal string with at most two decimals, read as a string with two. */
export const MoneyInput = z
  .union([z.number(), z.string().trim()], { error: 'must be an amount such as 12.90 or "12.90"' })
  .transform(String)
  .refine(
    (amount) => /^\d{1,9}(\.\d{1,2})?$/.test(amount),
    'must be an amount such as 12.90, with at most two decimals',
  )
  .transform((amount) => Number(amount).toFixed(2))
  .meta({ type: ['string', 'number'], pattern: '^\\d{1,9}(\\.\\d{1,2})?$', minimum: 0, example: '12.90' });

/** The same with a sign: what is given, or taken when negative. Never zero. */
export const SignedMoneyInput = z
  .union([z.number(), z.string().trim()], { error: 'must be an amount such as 12.90 or "-12.90"' })
  .transform(String)
  .refine(
    (amount) => /^-?\d{1,9}(\.\d{1,2})?$/.test(amount) && Number(amount) !== 0,
    'must be an amount such as 12.90 or -12.90, with at most two decimals and not zero',
  )
  .transform((amount) => Number(amount).toFixed(2))
  .meta({ type: ['string', 'number'], pattern: '^-?\\d{1,9}(\\.\\d{1,2})?$', example: '12.90' });

/** A field of a body that may be left out or null. */
export const optional = <S extends z.ZodType>(field: S) => field.nullish().transform((value) => value ?? undefined);

/** ISO 8601 in UTC in a response, whatever notation the database used. */
export const Instant = z
  .string()
  .transform((text) => new Date(text).toISOString())
  .meta({ type: 'string', format: 'date-time', example: '2026-03-01T09:30:00.000Z' });

/** An instant in a request: ISO 8601 with `Z` or an offset. */
export const InstantInput = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-03-01T09:30:00Z' })
  .refine((text) => text >= '2000' && text < '2200', 'must be between the years 2000 and 2199')
  .meta({ type: 'string', format: 'date-time', example: '2026-03-01T09:30:00Z' });

/** A date in the shop's time zone. */
export const ShopDate = z.iso
  .date()
  .refine((date) => date >= '0001-01-01', 'must be 0001-01-01 or later')
  .meta({ type: 'string', format: 'date', example: '2026-03-01' });

/** A slot's time of day; requests may leave the seconds out. */
export const ClockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, 'must be a time of day such as 08:00')
  .transform((time) => (time.length === 5 ? `${time}:00` : time))
  .meta({ type: 'string', example: '08:00:00' });

/** A postal code, as addresses have it. */
export const PostalCode = z
  .string()
  .trim()
  .regex(/^\d{4,16}$/, 'must be 4 to 16 digits')
  .meta({ type: 'string', pattern: '^\\d{4,16}$', example: '3303149' });

/** No control characters or lone surrogates: PostgreSQL accepts neither NUL nor invalid Unicode. */
export const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;
/** Without line separators, what turns the direction of text, tags, and fillers: letters that take a place and show nothing. */
export const PLAIN =
  /^[^\u{2028}\u{2029}\u{202a}-\u{202e}\u{2066}-\u{206f}\u{fff9}-\u{fffb}\u{115f}\u{1160}\u{3164}\u{ffa0}\u{2800}\u{e0000}-\u{e007f}]*$/u;
const VISIBLE = /^$|[\p{L}\p{N}\p{P}\p{S}]/u;
const MANY_LINES = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;

/** What is looked for: one trimmed line, whatever was pasted with it. */
export const searchText = (min: number, max: number) =>
  z.string().trim().min(min).max(max).regex(ONE_LINE, 'must not contain control characters');

/** One trimmed line of text in any script, of which something can be seen. */
export const line = (min: number, max: number) =>
  searchText(min, max)
    .regex(PLAIN, 'must not contain characters that hide, reverse or break the text')
    .regex(VISIBLE, 'must contain a visible character');

/** Trimmed text whose lines end in one way, whatever the client's system: a CSV file does not tell one from the other. */
export const linesText = () =>
  z
    .string()
    .trim()
    .overwrite((text) => text.replaceAll(/\r\n?/g, '\n'));

/** Trimmed text that may have several lines. */
export const paragraph = (min: number, max: number) =>
  linesText().min(min).max(max).regex(MANY_LINES, 'must not contain control characters');

/** A boolean in a query. */
export const FlagText = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0']))
  .transform((value) => value === 'true' || value === '1')
  .meta({ type: 'boolean' });

/** Words of a fixed list in a query, separated by commas; each counts once, in the order of the list. */
export const wordsText = <const Word extends string>(words: readonly Word[]) =>
  z
    .string()
    .max(1_000)
    .transform((text) => text.split(',').map((word) => word.trim().toLowerCase()))
    .transform((found) => found.filter(Boolean))
    .refine(
      (found) => found.every((word) => words.some((each) => each === word)),
      `must be some of ${words.join(', ')}`,
    )
    .transform((found) => words.filter((word) => found.some((each) => each === word)))
    .meta({ type: 'string', example: words.slice(-2).join(',') });

/** A whole number in a query, within bounds. */
export const wholeText = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d{1,10}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .meta({ type: 'integer', minimum: min, maximum: max });

/** `limit` above the maximum is lowered to it, however long it is; below 1 or no number is refused. */
export const limitText = (fallback: number, most = 100) =>
  z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform((text) => Math.min(Number(text), most))
    .pipe(z.number().min(1))
    .default(fallback)
    .meta({ type: 'integer', minimum: 1, maximum: most, default: fallback });

/** The query of every list. */
export const Page = z.object({
  limit: limitText(20),
  offset: wholeText(0, MAX_ID).default(0).meta({ type: 'integer', minimum: 0, maximum: MAX_ID, default: 0 }),
});

export const PageMeta = z
  .object({ total: z.int(), limit: z.int(), offset: z.int(), has_next: z.boolean() })
  .meta({ id: 'PageMeta' });
