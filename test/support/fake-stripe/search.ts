import type { Account } from './account.ts';
import { refused } from './errors.ts';
import type { Params, Spec } from './form.ts';

export const searchSpec: Spec = { query: 'string!', limit: 'integer', page: 'string' };

/** Payment intents as a search finds them: as they read `searchLagMs` ago, so what is newer is not there yet. */
export function searchPaymentIntents(account: Account, params: Params) {
  const matches = parseQuery(params.text('query') ?? '');
  account.index();
  const all = [...account.indexed.values()].reverse().map(parse).filter(matches);
  const start = Number(params.text('page') ?? 0);
  const end = start + (params.integer('limit') ?? 10);
  const more = all.length > end;
  return {
    object: 'search_result',
    data: all.slice(start, end),
    has_more: more,
    next_page: more ? String(end) : null,
    url: '/v1/payment_intents/search',
  };
}

const parse = (json: string): Record<string, unknown> => JSON.parse(json);

type Test = (object: Record<string, unknown>) => boolean;

const clause =
  /^(-?)(amount|created|currency|customer|status|metadata\["([^"]+)"\])\s*(:|~|>=|<=|>|<)\s*(?:"([^"]*)"|(\d+)|(null))/;

/** Stripe's search language as far as payment intents need it: clauses joined by AND, or by OR. */
function parseQuery(query: string): Test {
  const tests: Test[] = [];
  const joints = new Set<string>();
  let rest = query.trim();
  while (rest !== '') {
    const found = clause.exec(rest);
    if (found === null) throw unreadable(query);
    tests.push(testOf(found));
    rest = rest.slice(found[0].length).trimStart();
    const joint = /^(AND|OR)\s+/i.exec(rest);
    if (joint === null && rest !== '') throw unreadable(query);
    if (joint !== null) {
      joints.add((joint[1] ?? '').toUpperCase());
      rest = rest.slice(joint[0].length);
    }
  }
  if (tests.length === 0 || joints.size > 1) throw unreadable(query);
  return (object) => (joints.has('OR') ? tests.some((test) => test(object)) : tests.every((test) => test(object)));
}

function testOf([, minus, field = '', key, operator, text, number, none]: RegExpExecArray): Test {
  const read = (object: Record<string, unknown>): unknown => {
    const metadata = object.metadata;
    if (key === undefined) return object[field];
    return metadata !== null && typeof metadata === 'object' ? new Map(Object.entries(metadata)).get(key) : undefined;
  };
  const test: Test = (object) => {
    const value = read(object);
    if (none !== undefined) return value === undefined || value === null;
    if (operator === ':') return String(value ?? '') === (text ?? number);
    if (operator === '~') return String(value ?? '').includes(text ?? number ?? '');
    return compare(Number(value), operator, Number(number ?? text));
  };
  return (object) => test(object) !== (minus === '-');
}

function compare(value: number, operator: string | undefined, bound: number): boolean {
  if (operator === '>') return value > bound;
  if (operator === '>=') return value >= bound;
  return operator === '<' ? value < bound : value <= bound;
}

const unreadable = (query: string) =>
  refused(
    `We were unable to parse your search query: ${query}. Try using the format \`metadata["key"]:"value"\` to query for metadata or key:"value" to query for other fields.`,
    { param: 'query' },
  );
