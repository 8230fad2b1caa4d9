import { zValidator } from '@hono/zod-validator';
import type { Context, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { type Problem, validationError } from '../errors.ts';
import { readJson, readText, readUpload, type Upload } from './body.ts';
import type { AppEnv } from './context.ts';
import type { Route } from './route.ts';

/** What a handler gets of a request: the output of its schemas. */
export type Input = Parameters<Route['handle']>[1];

type Target = 'param' | 'query' | 'header' | 'json';

/** Thrown by the hook of a validator, so that the problems of all parts can be collected. */
class InvalidPart extends Error {
  readonly problems: readonly Problem[];
  constructor(target: Target, { issues }: z.core.$ZodError) {
    super(`invalid ${target}`);
    const prefix = target === 'json' ? [] : [target];
    this.problems = issues.map(({ path, message }) => ({ path: [...prefix, ...path].join('.') || 'body', message }));
  }
}

function validatorsOf({ params, query, headers, body }: Route['spec']): MiddlewareHandler<AppEnv>[] {
  const parts: [Target, z.ZodType | undefined][] = [
    ['param', params],
    ['query', query],
    ['header', headers],
    ['json', body],
  ];
  return parts.flatMap(([target, schema]) =>
    schema
      ? zValidator(
          target,
          schema,
          (result) => {
            if (!result.success) throw new InvalidPart(target, result.error);
          },
          // Our schemas are synchronous; the default, `safeParseAsync`, makes a warm read slower.
          { validationFunction: (declared, value) => declared.safeParse(value) },
        )
      : [],
  );
}

/** Reads the body that the route declares, for the validators. @throws AppError 413, 415, or 400 for what is not JSON */
export async function readBody(c: Context, { spec }: Route): Promise<Upload | undefined> {
  if (spec.upload) return readUpload(c, spec.upload);
  if (spec.rawBodyLimit) return { file: await readText(c, spec.rawBodyLimit), fields: {} };
  if (spec.body) await readJson(c, !spec.bodyOptional);
  return undefined;
}

/** A request whose declared parts have been validated. */
type ValidatedContext = Context<AppEnv, string, { out: Record<Target, unknown> }>;

const proceed = async () => {};

/** Makes the function that validates the requests of a route. It throws one AppError 400 with the problems of all parts. */
export function inputReader(route: Route): (c: ValidatedContext, upload: Upload | undefined) => Promise<Input> {
  const validators = validatorsOf(route.spec);
  return async (c, upload) => {
    const { req } = c;
    const problems: Problem[] = [];
    for (const validate of validators) {
      try {
        await validate(c, proceed);
      } catch (error) {
        if (!(error instanceof InvalidPart)) throw error;
        problems.push(...error.problems);
      }
    }
    const form = route.spec.form?.safeParse(upload?.fields ?? {});
    if (form?.error) problems.push(...new InvalidPart('json', form.error).problems);
    if (problems.length > 0) throw validationError(problems);
    return {
      params: req.valid('param'),
      query: req.valid('query'),
      headers: req.valid('header'),
      body: req.valid('json'),
      form: form?.data ?? {},
      file: upload?.file ?? '',
    };
  };
}
