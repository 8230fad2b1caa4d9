import type { Account } from './account.ts';
import { noSuch, refused } from './errors.ts';
import type { Form, Params, Spec } from './form.ts';

/** What every list takes. */
export const listSpec: Spec = {
  limit: 'integer',
  starting_after: 'string',
  ending_before: 'string',
  created: 'hash:gt|gte|lt|lte',
};

/** A page of these objects, newest first, of those whose fields `by` are as the parameters say. */
export function page<T extends { id: string; created: number; [field: string]: unknown }>(
  objects: Iterable<T>,
  params: Params,
  { url, kind, by = [] }: { url: string; kind: string; by?: string[] },
) {
  const created = params.hash('created');
  const wanted = by.map((field) => ({ field, value: params.text(field) })).filter(({ value }) => value !== null);
  const all = [...objects]
    .reverse()
    .filter((one) => within(one.created, created) && wanted.every(({ field, value }) => one[field] === value));
  const limit = params.integer('limit') ?? 10;
  if (limit < 1 || limit > 100) {
    throw refused('Invalid limit: must be between 1 and 100', { code: 'parameter_invalid_integer', param: 'limit' });
  }
  const after = params.text('starting_after');
  const before = params.text('ending_before');
  if (after !== null && before !== null) {
    throw refused('Received both starting_after and ending_before parameters. Please pass in only one.');
  }
  const positionOf = (id: string, param: string): number => {
    const index = all.findIndex((one) => one.id === id);
    if (index < 0) throw noSuch(kind, id, param);
    return index;
  };
  if (before !== null) {
    const end = positionOf(before, 'ending_before');
    const start = Math.max(end - limit, 0);
    return { object: 'list', data: all.slice(start, end), has_more: start > 0, url };
  }
  const start = after === null ? 0 : positionOf(after, 'starting_after') + 1;
  return { object: 'list', data: all.slice(start, start + limit), has_more: all.length > start + limit, url };
}

function within(created: number, { gt, gte, lt, lte }: Form): boolean {
  const bound = (value: string | Form | undefined, otherwise: number) =>
    typeof value === 'string' && value !== '' ? Number(value) : otherwise;
  return (
    created > bound(gt, -Infinity) &&
    created >= bound(gte, -Infinity) &&
    created < bound(lt, Infinity) &&
    created <= bound(lte, Infinity)
  );
}

/** The fields that hold the id of another object. */
const references = [
  'balance_transaction',
  'charge',
  'customer',
  'default_payment_method',
  'failure_balance_transaction',
  'latest_charge',
  'payment_intent',
  'payment_method',
];

/** The answer with the objects that `expand[]` asks for in place of their ids. */
export function expanded(account: Account, answer: unknown, paths: string[]): unknown {
  if (paths.length === 0) return answer;
  const copy: unknown = JSON.parse(JSON.stringify(answer));
  for (const path of paths) expandOne(account, copy, path.split('.'), path);
  return copy;
}

function expandOne(account: Account, target: unknown, [field = '', ...rest]: string[], path: string): void {
  if (Array.isArray(target)) {
    for (const one of target) expandOne(account, one, [field, ...rest], path);
    return;
  }
  if (target === null || typeof target !== 'object') return;
  const holder: Record<string, unknown> = Object.fromEntries(Object.entries(target));
  const value = holder[field];
  if (value === undefined || (typeof value === 'string' && !references.includes(field))) {
    throw refused(`This property cannot be expanded (${path}).`, { param: 'expand' });
  }
  const found = typeof value === 'string' ? find(account, value) : value;
  Object.assign(target, { [field]: found });
  if (rest.length > 0) expandOne(account, found, rest, path);
}

function find(account: Account, id: string): unknown {
  const tables = [
    account.customers,
    account.paymentMethods,
    account.paymentIntents,
    account.charges,
    account.balanceTransactions,
  ];
  if (account.deletedCustomers.has(id)) return { id, object: 'customer', deleted: true };
  const found = tables.map((table) => table.get(id)).find((one) => one !== undefined);
  return found === undefined ? id : JSON.parse(JSON.stringify(found));
}
