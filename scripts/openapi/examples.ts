import type * as z from 'zod';
import { BODY_EXAMPLES, SCHEMA_EXAMPLES } from './body-examples.ts';
import { FIELD_EXAMPLES } from './field-examples.ts';
import type { JsonSchema, Schemas } from './schemas.ts';

/** Legacy fields that repeat or invert others. */
const LEFT_OUT = new Set(['role', 'reserved_quantity']);

interface Choice {
  optional: boolean;
}

/** An example of a schema; with `optional: false`, only required fields. */
export function exampleOf(schema: JsonSchema, schemas: Schemas, choice: Choice = { optional: true }): unknown {
  return build(schema, schemas, choice, '', '', 0);
}

/** A valid body for the route. @throws Error when the schema needs an explicit example */
export function bodyExample(operation: string, body: z.ZodType, schema: JsonSchema, schemas: Schemas): unknown {
  if (operation in BODY_EXAMPLES) return BODY_EXAMPLES[operation];
  const all = exampleOf(schema, schemas);
  const required = exampleOf(schema, schemas, { optional: false });
  const some = Object.keys(all as object).map((left) => without(all as object, left));
  const one = Object.entries(all as object).map(([key, value]) => ({ ...(required as object), [key]: value }));
  const found = [all, ...some, required, ...one].find((candidate) => body.safeParse(candidate).success);
  if (found === undefined) throw new Error(`No example fits ${JSON.stringify(schema)}: give the schema one.`);
  return found;
}

const without = (object: object, left: string): object =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== left));

function build(
  schema: JsonSchema,
  schemas: Schemas,
  choice: Choice,
  owner: string,
  field: string,
  depth: number,
): unknown {
  const name = typeof schema.$ref === 'string' ? schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1) : owner;
  const whole = schemas.resolve(schema);
  const given = givenExample(whole, name, field);
  if (given !== undefined) return given;
  // In an object schema, `anyOf` and `oneOf` only say which properties can be combined.
  const [first] = (whole.properties ? [] : (whole.anyOf ?? whole.oneOf ?? [])) as JsonSchema[];
  if (first) return build(first, schemas, choice, name, field, depth);
  const type = Array.isArray(whole.type) ? whole.type[0] : whole.type;
  if (type === 'object') return buildObject(whole, schemas, choice, name, depth);
  if (type === 'array') {
    // Limits the depth of recursive schemas.
    return depth > 4 ? [] : [build(whole.items as JsonSchema, schemas, choice, name, singular(field), depth + 1)];
  }
  return ofType(type, whole);
}

function buildObject(whole: JsonSchema, schemas: Schemas, choice: Choice, name: string, depth: number): unknown {
  const required = (whole.required ?? []) as string[];
  const shown = Object.entries((whole.properties ?? {}) as Record<string, JsonSchema>).filter(
    ([key]) => required.includes(key) || (choice.optional && !LEFT_OUT.has(key)),
  );
  return Object.fromEntries(
    shown.map(([key, property]) => [key, build(property, schemas, choice, name, key, depth + 1)]),
  );
}

/** Examples of types that many fields share. */
const OF_A_TYPE = new Set<unknown>([1, 2, '12.90', '08:00:00']);

/** The schema's own example wins, unless it only comes from its type. */
function givenExample(schema: JsonSchema, owner: string, field: string): unknown {
  if (field === '') return SCHEMA_EXAMPLES[owner];
  const special = FIELD_EXAMPLES[`${owner}.${field}`];
  if (special !== undefined) return special;
  const [own] = (schema.examples ?? []) as unknown[];
  const named = fits(FIELD_EXAMPLES[field], schema) ? FIELD_EXAMPLES[field] : undefined;
  return OF_A_TYPE.has(own) ? (named ?? own) : (own ?? named);
}

function fits(value: unknown, schema: JsonSchema): boolean {
  if (value === undefined) return false;
  if (Array.isArray(schema.enum)) return schema.enum.includes(value);
  const types = [schema.type].flat();
  if (schema.type === undefined) return true;
  if (Number.isInteger(value) && types.includes('integer')) return true;
  return types.includes(Array.isArray(value) ? 'array' : typeof value);
}

function ofType(type: unknown, schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (type === 'integer' || type === 'number') return Math.max(1, Number(schema.minimum ?? 1));
  if (type === 'boolean') return true;
  return type === 'null' ? null : 'text';
}

const singular = (field: string): string => field.replace(/s$/, '');
