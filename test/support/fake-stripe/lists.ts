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
