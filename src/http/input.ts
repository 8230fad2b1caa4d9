import type { Context } from 'hono';
import type { z } from 'zod';
import { type Problem, validationError } from '../errors.ts';
import { readJson, readUpload } from './body.ts';
import type { Route } from './route.ts';

/** What a handler gets of a request, as its schemas gave it out. */
export type Input = Parameters<Route['handle']>[1];

/**
 * Reads what the route declared, each part once.
 * @throws AppError 413, 415, or 400 with every problem of every part
 */
export async function readInput(c: Context, { spec }: Route): Promise<Input> {
  const file = spec.upload ? await readUpload(c, spec.upload) : '';
  const json = spec.body ? await readJson(c, !spec.bodyOptional) : undefined;
  const problems: Problem[] = [];
  const part = (name: string, schema: z.ZodType | undefined, value: () => unknown): never => {
    const result = schema?.safeParse(value());
    for (const { path, message } of result?.error?.issues ?? []) {
      problems.push({ path: [name, ...path].filter((step) => step !== '').join('.') || 'body', message });
    }
    return result?.data as never;
  };
  const input: Input = {
    params: part('param', spec.params, () => c.req.param()),
    query: part('query', spec.query, () => queryOf(c)),
    headers: part('header', spec.headers, () => c.req.header()),
    body: part('', spec.body, () => json),
    file,
  };
  if (problems.length > 0) throw validationError(problems);
  return input;
}

/** A name that is repeated comes as an array, which no schema takes for a value. */
const queryOf = (c: Context): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
