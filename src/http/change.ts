import * as z from 'zod';
import { validationError } from '../errors.ts';
import { FlagText } from './fields.ts';

/** The body of a PATCH: any subset of the fields, at least one. */
export const subsetOf = <S extends z.ZodRawShape>(body: z.ZodObject<S, z.core.$strict>) =>
  body
    .partial()
    .refine((fields) => Object.values(fields).some((value) => value !== undefined), 'Send at least one field.')
    .meta({ minProperties: 1 });

export const ToggleQuery = z.object({ active: FlagText.optional() });
export const ToggleBody = z.strictObject({ active: z.boolean().optional() }).meta({ id: 'ToggleBody' });

interface ToggleInput {
  query: z.output<typeof ToggleQuery>;
  body: z.output<typeof ToggleBody>;
}

/** The state a toggle asks for, in the query or the body; null switches to the other one. @throws AppError 400 when the two differ */
export function wantedState({ query, body }: ToggleInput): boolean | null {
  if (query.active !== undefined && body.active !== undefined && query.active !== body.active) {
    throw validationError([{ path: 'active', message: 'The query and the body ask for different states.' }]);
  }
  return query.active ?? body.active ?? null;
}

export const TOGGLE_NOTE =
  'Send `active` in the query or the body; without it the state is toggled. Setting the present state changes nothing.';
