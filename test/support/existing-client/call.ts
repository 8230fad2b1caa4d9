import { expect } from 'vitest';
import type { Shop, ShopResponse } from '../shop.ts';

/** One call of the existing client, and what its screen reads of the answer. */
export interface ClientCall {
  screen: string;
  as?: 'customer' | 'employee' | 'manager' | 'admin';
  /** Method and path; `:name` stands for what an earlier answer was kept under. */
  send: string;
  /** As the screens name them. Values that begin with `:` are kept ones here and in `data`. */
  params?: Record<string, unknown>;
  /** Null where the client names no body but passes `params` behind it; axios sends it as JSON. */
  data?: unknown;
  /** A spreadsheet instead. */
  file?: (kept: Kept) => string;
  headers?: Record<string, string>;
  status?: number;
  /** `path:kind` of what is read, within `data`; `@` before a path starts at the body; `[]` is every one of at least one. */
  reads?: string;
  /** Name for later calls ← path. */
  keep?: Record<string, string>;
}

/** The same reads, of every element of a list or of what is named. */
export const each = (reads: string, of = '[]') => reads.replaceAll(/\S+/g, `${of}.$&`);

/** What screens with pages read. */
export const list = (reads: string) =>
  `.:list @meta.total:count @meta.limit:count @meta.offset:count @meta.has_next:flag ${each(reads)}`;

export type Kept = Record<string, unknown>;

const KINDS: Record<string, (value: unknown) => boolean> = {
  id: (value) => Number.isInteger(value) && Number(value) > 0,
  count: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  money: (value) => typeof value === 'string' && /^\d+\.\d{2}$/.test(value),
  string: (value) => typeof value === 'string',
  /** That says something. */
  text: (value) => typeof value === 'string' && value !== '',
  flag: (value) => typeof value === 'boolean',
  instant: (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T.*Z$/.test(value),
  date: (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value),
  clock: (value) => typeof value === 'string' && /^\d{2}:\d{2}:\d{2}$/.test(value),
  list: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null,
};

/** Sends what axios would send of it; an instance with a JSON content type, as the client has. */
export async function replay(shop: Shop, call: ClientCall, kept: Kept): Promise<ShopResponse> {
  const [method = '', path = ''] = call.send.split(' ');
  const data = fill(call.data, kept);
  const token = call.as && kept[`${call.as}Token`];
  const answer = await shop.request(method, String(fill(path, kept)), {
    query: fill(call.params ?? {}, kept) as Record<string, string>,
    headers: {
      accept: 'application/json, text/plain, */*',
      ...(data === undefined ? {} : { 'content-type': 'application/json' }),
      ...(fill(call.headers ?? {}, kept) as Record<string, string>),
    },
    ...(data === undefined ? {} : { rawBody: JSON.stringify(data) }),
    ...(call.file && { rawBody: spreadsheet(call.file(kept)) }),
    ...(typeof token === 'string' && { token }),
  });
  for (const [name, place] of Object.entries(call.keep ?? {})) [kept[name]] = valuesAt(answer.body, `data.${place}`);
  return answer;
}

function spreadsheet(text: string): FormData {
  const form = new FormData();
  form.set('file', new File([text], 'stock.csv', { type: 'text/csv' }));
  return form;
}

/** What the screen would not find, or find to be something else. */
export function unread(body: unknown, reads = ''): string[] {
  return reads
    .split(/\s+/)
    .filter((read) => read !== '')
    .filter((read) => {
      const [, place = '', kind = '', nullable] = /^(.+?):(\w+)(\?)?$/.exec(read) ?? [];
      const is = KINDS[kind];
      if (is === undefined) throw new Error(`Nothing is known of ${read}`);
      const values = valuesAt(body, place.startsWith('@') ? place.slice(1) : `data${place === '.' ? '' : `.${place}`}`);
      return values.length === 0 || !values.every((value) => (nullable && value === null) || is(value));
    });
}

/** Every value at a path such as `data.items[].product.name`. */
function valuesAt(body: unknown, path: string): unknown[] {
  let values = [body];
  for (const step of path.split('.')) {
    const [, key = '', index] = /^(.*?)(?:\[(\d*)\])?$/.exec(step) ?? [];
    values = values.map((value) => (key === '' ? value : (value as Record<string, unknown> | undefined)?.[key]));
    if (index !== undefined)
      values = values.flatMap((value) => (index === '' ? value : (value as [])?.[Number(index)]));
  }
  return values;
}

/** Puts what was kept where `:name` stands: as it is for a whole value, as text within a path. */
function fill(value: unknown, kept: Kept): unknown {
  if (typeof value === 'string') {
    if (/^:\w+$/.test(value)) return known(value.slice(1), kept);
    return value.startsWith('/') ? value.replaceAll(/:(\w+)/g, (_, name: string) => String(known(name, kept))) : value;
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, kept));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, kept)]));
}

function known(name: string, kept: Kept): unknown {
  expect(kept, `an earlier call was to keep ${name}`).toHaveProperty(name);
  return kept[name];
}
