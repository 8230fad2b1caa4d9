import * as z from 'zod';
import { LANGUAGES } from '../../db/schema/words.ts';
import { line, paragraph } from '../../http/fields.ts';
import { isStorableJson } from './nutrition.ts';
import { NewProduct } from './schemas.ts';

/** A row of the export: what the import takes, in the words of the database. */
export type ProductFile = Record<string, string | number | boolean | null | string[] | Record<string, unknown>>;

type Written = string | number | boolean | null;

interface Column {
  /** What the text of a cell says; zod judges it. */
  read: (cell: string) => unknown;
  write: (value: ProductFile[string]) => Written;
  /** What an empty cell says; undefined: nothing, so a product keeps what it has and a new one gets the default. */
  empty: null | [] | undefined;
}

const asText = (value: ProductFile[string]): Written =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? null);

const text: Column = { read: (cell) => cell, write: asText, empty: null };
const needed: Column = { ...text, empty: undefined };
const number: Column = { ...text, read: (cell) => (/^\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell) };
const flag: Column = {
  ...needed,
  read: (cell) => ({ true: true, false: false, 1: true, 0: false })[cell.toLowerCase()] ?? cell,
};
const keyword: Column = { ...needed, read: (cell) => cell.toUpperCase() };
const words: Column = {
  read: (cell) =>
    cell
      .toLowerCase()
      .split(/[|,;\s]+/)
      .filter(Boolean),
  write: (value) => (Array.isArray(value) ? value.join('|') : null),
  empty: [],
};
const json: Column = {
  read: parsed,
  // A text that looks like JSON is written as JSON, so that it is read as the text again.
  write: (value) => (typeof value === 'string' && !/^["{]/.test(value) ? value : value && JSON.stringify(value)),
  empty: null,
};

/** A number is refused: it is no nutritional information. */
const UNREADABLE = Number.NaN;

function parsed(cell: string): unknown {
  if (!/^["{]/.test(cell)) return cell;
  try {
    const value: unknown = JSON.parse(cell);
    // A schema calls itself for each level, and a cell has room for thousands. Its own limit is far below.
    if (isStorableJson(value)) return value;
  } catch {
    // Not JSON.
  }
  return UNREADABLE;
}

/** Of the product's own fields, in the order of the export. */
const FIELDS = {
  sku: needed,
  name: needed,
  price: needed,
  category_id: { ...number, empty: undefined },
  old_price: text,
  unit: text,
  description: text,
  is_active: flag,
  is_organic: flag,
  brand: text,
  barcode: text,
  image_url: text,
  bin_location: text,
  tax_class: keyword,
  deposit: text,
  sold_by: keyword,
  price_per_kg: text,
  nominal_grams: number,
  weight_tolerance_percent: needed,
  net_content_amount: number,
  net_content_unit: text,
  allergens: words,
  may_contain: words,
  dietary: words,
  age_restricted: number,
  nutritional_info: json,
} satisfies Record<string, Column>;

const TEXTS = { name: line(2, 100), description: paragraph(0, 4000) };
type TextField = keyof typeof TEXTS;

/** `name_he`, `description_he`, …: the texts of a product in other languages. */
const TRANSLATED = LANGUAGES.flatMap((language) =>
  (Object.keys(TEXTS) as TextField[]).map((field) => ({ column: `${field}_${language}`, language, field })),
);

export const REQUIRED_COLUMNS = ['sku', 'name', 'price', 'category_id'] as const;
export const PRODUCT_COLUMNS = [...Object.keys(FIELDS), ...TRANSLATED.map(({ column }) => column)];

/** Content of each column of the export. */
export const WRITTEN_COLUMNS: Record<string, (row: ProductFile) => Written> = Object.fromEntries([
  ...Object.entries(FIELDS).map(([name, { write }]) => [name, (row: ProductFile) => write(row[name] ?? null)]),
  ...TRANSLATED.map(({ column }) => [column, (row: ProductFile) => row[column] ?? null]),
]);

const ProductRow = NewProduct.extend({ is_active: z.boolean().optional() });

/** Fields as `import_products` takes them, or what is wrong with the row. */
export function readProduct(cell: (column: string) => string | undefined): Record<string, unknown> | string {
  const body: Record<string, unknown> = {};
  for (const [name, { read, empty }] of Object.entries(FIELDS) as [string, Column][]) {
    const sent = cell(name);
    if (sent === undefined) continue;
    const value = sent === '' ? empty : read(sent);
    if (value !== undefined) body[name] = value;
  }
  const { net_content_amount: amount, net_content_unit: unit, ...own } = body;
  if (amount !== undefined) own.net_content = amount === null && unit === null ? null : { amount, unit };
  const product = ProductRow.safeParse(own);
  const texts = readTexts(cell);
  const problems = [...(product.error ? problemsOf(product.error, own) : []), ...texts.problems];
  if (!product.data) return problems.join(' ');
  if (problems.length > 0) return problems.join(' ');
  const { net_content: content, ...fields } = product.data;
  return {
    ...fields,
    ...(content !== undefined && {
      net_content_amount: content?.amount ?? null,
      net_content_unit: content?.unit ?? null,
    }),
    ...(Object.keys(texts.translations).length > 0 && { translations: texts.translations }),
  };
}

function readTexts(cell: (column: string) => string | undefined) {
  const translations: Record<string, Record<string, string | null>> = {};
  const problems: string[] = [];
  for (const { column, language, field } of TRANSLATED) {
    const sent = cell(column);
    if (sent === undefined) continue;
    const text = sent === '' ? { data: null } : TEXTS[field].safeParse(sent);
    if (text.data === undefined) problems.push(`${column}: ${text.error?.issues[0]?.message ?? 'is invalid'}.`);
    else translations[language] = { ...translations[language], [field]: text.data };
  }
  return { translations, problems };
}

/** Each begins with the name of its column. */
const problemsOf = (error: z.ZodError, fields: Record<string, unknown>): string[] =>
  error.issues.map(({ path, message }) => {
    const [field = 'row', place] = path;
    const word = typeof place === 'number' && (fields[String(field)] as unknown[])[place];
    return word ? `${String(field)}: ${word}: ${message}.` : `${path.join('_') || 'row'}: ${message}.`;
  });
