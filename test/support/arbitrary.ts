import fc, { type Arbitrary } from 'fast-check';
import type { z } from 'zod';

type Def = z.core.$ZodTypes['_zod']['def'];
const defOf = (schema: z.core.$ZodType): Def => (schema as z.core.$ZodTypes)._zod.def;

const lengths = [43, 64, 100, 200, 255, 300, 500, 1000, 2000, 10_000];

const STRINGS: string[] = [
  // The position of an event.
  '90211-418',
  '0f8fad5b-d9cb-469f-a165-70867728950e',
  '2026-03-01T08:15:00Z',
  ...[
    '',
    ' ',
    'a',
    '42',
    'Dana Levi',
    'דנה לוי',
    '\u202Ekcab',
    '👩‍👩‍👧‍👦',
    'e\u0301'.normalize('NFD'),
    'İ',
    '\u00A0\u3000',
  ],
  ...['\u0000', 'a\u0000b', '\uD800', 'a\uDFFFb', 'two\nlines', 'tab\t', '\u007F', '\u2028'],
  ...["'; drop table users; --", '%', '_', '\\', '"', `\${x}`, '<script>', '=1+1', '{}', '[]', 'null', 'milk:*', '(&'],
  ...['2026-03-01T09:30:00Z', '2199-12-31T23:59:59.999+02:00', '0000-01-01T00:00:00Z', '9999-12-31T23:59:60Z'],
  ...['2026-03-01', '0001-01-01', '9999-12-31', '2026-02-30', '+275760-09-13', '08:00', '23:59:59', '24:00'],
  ...['0', '1', '-1', '1.5', '12.90', '999999999.99', '1e5', '1e400', 'NaN', 'Infinity', '2147483647', '2147483648'],
  ...[
    'true',
    'false',
    'dana@example.com',
    'DANA@EXAMPLE.COM ',
    'a@b',
    '+972501234567',
    '1234',
    '12/40',
    'SKU-1',
    '492039',
  ],
  ...[
    'https://example.com/a.png',
    'javascript:alert(1)',
    'Password1',
    'Carmel-2026',
    '4242424242424242',
    'mockpay',
    'Asia/Jerusalem',
    '06:00-22:00',
    '30d',
    '2y',
  ],
  ...['ILS', 'kg', 'ADMIN', 'CREATED', 'constructor', '__proto__', 'toString', '4006381333931'],
  ...lengths.flatMap((length) => ['x'.repeat(length), 'א'.repeat(length), '😀'.repeat(length / 2)]),
  ...lengths.map((length) => 'a1'.repeat(length / 2)),
];
const NUMBERS = [
  0,
  1,
  2,
  3,
  5,
  6,
  12,
  18,
  100,
  2040,
  10_000,
  -1,
  -0,
  0.1,
  1.5,
  12.9,
  12.999,
  1e9,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 53,
  1e308,
  -1e308,
];
const OTHERS: unknown[] = [true, false, null, [], {}, [1], [[]], { a: 1 }, { constructor: 1 }, ['x', null]];

/** Values that break what expects others: of the wrong type, size, range or script. */
const POOL: readonly unknown[] = [...STRINGS, ...NUMBERS, ...OTHERS];
export const hostile: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...POOL),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);
export const hostileText: Arbitrary<string> = fc.oneof(fc.constantFrom(...STRINGS), fc.string({ unit: 'binary' }));

/** Values that the schema takes, taken apart as far as its shape goes; rules across fields may still refuse the whole. */
export function valuesOf(schema: z.core.$ZodType): Arbitrary<unknown> {
  const def = defOf(schema);
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
      return fc.option(valuesOf(def.innerType), { nil: undefined });
    case 'nullable':
      return fc.option(valuesOf(def.innerType), { nil: null });
    case 'object':
      return objectsOf(def.shape, valuesOf);
    case 'array': {
      const accepted = fc.array(valuesOf(def.element), { minLength: 1, maxLength: 3 });
      return accepted.filter((list) => accepts(schema, list));
    }
    default: {
      const accepted = [...POOL, ...namedIn(schema)].filter((value) => accepts(schema, value));
      if (accepted.length === 0) throw new Error(`The pool has no value for ${JSON.stringify(def)}`);
      return fc.constantFrom(...accepted);
    }
  }
}

/** The names that an enumeration in it knows. */
const namedIn = (schema: z.core.$ZodType): unknown[] =>
  [...within(schema)].flatMap(([, def]) => (def.type === 'enum' ? Object.values(def.entries) : []));

const accepts = (schema: z.core.$ZodType, value: unknown): boolean => (schema as z.ZodType).safeParse(value).success;

export const objectsOf = (
  shape: Readonly<Record<string, z.core.$ZodType>>,
  fieldOf: (field: z.core.$ZodType) => Arbitrary<unknown>,
): Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(shape).map(([key, field]) => [key, fieldOf(field)])));

/** The fields of a body, whatever rules and wrappers stand around it. */
export function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const def = defOf(schema);
  if (def.type === 'object') return def.shape;
  if (def.type === 'pipe') return shapeOf(def.in);
  if ('innerType' in def) return shapeOf(def.innerType);
  throw new Error(`No body is a ${def.type}`);
}

/** Every schema within a schema, with the way to it. */
export function* within(
  schema: z.core.$ZodType,
  path = '',
  seen = new Set<z.core.$ZodType>(),
): Generator<[path: string, def: Def]> {
  if (seen.has(schema)) return;
  seen.add(schema);
  const def = defOf(schema);
  yield [path, def];
  for (const [name, part] of partsOf(def)) yield* within(part, path + name, seen);
}

function partsOf(def: Def): [string, z.core.$ZodType][] {
  switch (def.type) {
    case 'object': {
      const fields = Object.entries(def.shape).map(([key, field]): [string, z.core.$ZodType] => [`.${key}`, field]);
      return def.catchall ? [...fields, ['.*', def.catchall]] : fields;
    }
    case 'array':
      return [['[]', def.element]];
    case 'record':
      return [['.*', def.valueType]];
    case 'union':
      return def.options.map((option) => ['', option]);
    case 'pipe':
      return [
        ['', def.in],
        ['', def.out],
      ];
    default:
      return 'innerType' in def ? [['', def.innerType]] : [];
  }
}
