import { zValidator } from '@hono/zod-validator';
import type { Context, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { type Problem, validationError } from '../errors.ts';
import { readJson, readUpload } from './body.ts';
import type { Route } from './route.ts';

/** What a handler gets of a request, as its schemas gave it out. */
export type Input = Parameters<Route['handle']>[1];

type Target = 'param' | 'query' | 'header' | 'json';

/** A part of the request that its schema refused: kept until all parts have been looked at. */
class Rejected {
  readonly issues: readonly z.core.$ZodIssue[];
  constructor(issues: readonly z.core.$ZodIssue[]) {
    this.issues = issues;
  }
}

function partsOf({ spec }: Route): [Target, z.ZodType][] {
  const parts: [Target, z.ZodType | undefined][] = [
    ['param', spec.params],
    ['query', spec.query],
    ['header', spec.headers],
    ['json', spec.body],
  ];
  return parts.filter((part): part is [Target, z.ZodType] => part[1] !== undefined);
}

/** Judges each part once and lets all of them pass: a client is told every problem at once, by `readInput`. */
export const validators = (route: Route): MiddlewareHandler[] =>
  partsOf(route).map(([target, schema]) =>
    zValidator(target, schema, undefined, {
      validationFunction: (judge: z.ZodType, value: unknown) => {
        const result = judge.safeParse(value);
        return result.success ? result : { success: true as const, data: new Rejected(result.error.issues) };
      },
    }),
  );

/** Reads the body that the route declared, for the validators. @throws AppError 413, 415, or 400 for what is not JSON */
export async function readBody(c: Context, { spec }: Route): Promise<string> {
  if (spec.upload) return readUpload(c, spec.upload);
  if (spec.body) await readJson(c, !spec.bodyOptional);
  return '';
}

/** What the validators made of the request. @throws AppError 400 with every problem of every part */
export function readInput(c: Context, file: string): Input {
  const problems: Problem[] = [];
  const part = (target: Target): never => {
    const value: unknown = c.req.valid(target as never);
    if (value instanceof Rejected) {
      const name = target === 'json' ? [] : [target];
      for (const { path, message } of value.issues) {
        problems.push({ path: [...name, ...path].join('.') || 'body', message });
      }
    }
    return value as never;
  };
  const input: Input = {
    params: part('param'),
    query: part('query'),
    headers: part('header'),
    body: part('json'),
    file,
  };
  if (problems.length > 0) throw validationError(problems);
  return input;
}
