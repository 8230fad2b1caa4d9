import type { Reader } from './build.ts';

type Read = (reader: Reader) => Promise<string>;

const WORDS = ['milk', 'bread', 'organic', 'cheese', 'apple', 'chicken', 'water', 'rice', 'coffee', 'soap'];
const TEXTS = [
  ...WORDS,
  'milk 3%',
  'olive oil',
  'mlik',
  'chesee',
  'choclate',
  'chikcen',
  'חלב',
  'יוגורט',
  'BULK-0000017',
  '%',
  "'; --",
  '\\',
  '"',
  'zzzz',
];
const BEGUN = [
  'm',
  'mi',
  'mil',
  'milk',
  'c',
  'ch',
  'cho',
  'b',
  'bre',
  'ח',
  'חל',
  'or',
  'org',
  'mlik',
  'tomatto',
  '%',
  '\\',
  'ka',
  'olive o',
];
const SORTS = ['relevance', 'price_asc', 'price_desc', 'name_asc', 'name_desc', 'updated_at_desc', 'rating_desc'];
const ids = Array.from({ length: 20 }, (_, index) => 1 + index * 53);
const pages = Array.from({ length: 20 }, (_, index) => index * 20);

/** What is measured: the same reads as `npm run bench`, and those of a category and of what is in stock. */
export const MEASURED: Record<string, readonly Read[]> = {
  'page of 20': pages.map((offset) => (reader) => reader.list({ branch_id: 1, offset })),
  'first page': [(reader) => reader.list({})],
  'page of a category': ids.slice(0, 8).map((_, index) => (reader) => reader.category(index + 1, { branch_id: 1 })),
  'page of what is in stock': [1, 2, 3].map((branch_id) => (reader) => reader.list({ in_stock: true, branch_id })),
  detail: ids.map((id) => (reader) => reader.detail(id)),
  'search by a word': WORDS.map((q) => (reader) => reader.list({ q })),
  autocomplete: WORDS.map((q) => (reader) => reader.autocomplete(q.slice(0, 3))),
};

const FILTERS: readonly object[] = [
  {},
  { branch_id: 2 },
  { branch_id: 999 },
  { in_stock: true },
  { in_stock: true, branch_id: 3 },
  { category_id: 1 },
  { category_id: 3, branch_id: 1 },
  { category_id: 999 },
  { category_id: 2, in_stock: true, branch_id: 2 },
  { on_sale: true },
  { organic_only: true },
  { on_sale: true, organic_only: true, in_stock: true },
  { min_price: '10', max_price: '25' },
  { max_price: '9.90', category_id: 1, in_stock: true },
  { min_price: '9000' },
  { brand: 'Kaka' },
  { dietary: ['vegan'] },
  { without_allergens: ['nuts', 'milk'] },
  { promotion_id: 1 },
];

/** What is compared between two builds. */
export function* compared(): Generator<[name: string, read: Read]> {
  for (const filters of FILTERS) {
    for (const sort of [undefined, ...SORTS]) {
      for (const place of [
        {},
        { offset: 40 },
        { offset: 380 },
        { limit: 7, offset: 1_500 },
        { limit: 100, offset: 1_900 },
      ]) {
        const query = { ...filters, ...(sort && { sort }), ...place };
        yield [`list ${JSON.stringify(query)}`, (reader) => reader.list(query)];
      }
    }
    yield [`facets ${JSON.stringify(filters)}`, (reader) => reader.list({ ...filters, facets: true })];
    yield [`he ${JSON.stringify(filters)}`, (reader) => reader.list(filters, 'he')];
    for (const q of TEXTS) {
      yield [`search ${q} ${JSON.stringify(filters)}`, (reader) => reader.list({ ...filters, q })];
    }
  }
  for (const q of TEXTS) {
    for (const query of [
      ...SORTS.map((sort) => ({ sort })),
      { offset: 20 },
      { limit: 3, offset: 5 },
      { facets: true },
    ]) {
      yield [`search ${q} ${JSON.stringify(query)}`, (reader) => reader.list({ q, ...query })];
    }
  }
  for (const q of [...BEGUN, ...TEXTS]) {
    for (const limit of [1, 10, 100]) yield [`autocomplete ${q} ${limit}`, (reader) => reader.autocomplete(q, limit)];
  }
  for (const id of [...ids, 0, 2_147_483_647]) {
    for (const branch of [undefined, 1, 999]) {
      yield [`product ${id} ${branch}`, (reader) => reader.detail(id, branch)];
      yield [`product ${id} ${branch} he`, (reader) => reader.detail(id, branch, 'he')];
    }
  }
  for (let id = 1; id < 60; id++) {
    for (const page of [{}, { branch_id: 2, offset: 20 }, { branch_id: 999 }]) {
      yield [`category ${id} ${JSON.stringify(page)}`, (reader) => reader.category(id, page)];
    }
  }
  for (const branch of [undefined, 1, 999]) yield [`featured ${branch}`, (reader) => reader.featured(30, branch)];
}
