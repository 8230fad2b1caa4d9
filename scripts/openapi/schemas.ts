import * as z from 'zod';

export type JsonSchema = { [keyword: string]: unknown };
export type Direction = 'input' | 'output';

const asSchema = (value: unknown): JsonSchema => value as JsonSchema;

/** Converts zod schemas to JSON schemas; named ones are stored once in `components`. */
export class Schemas {
  readonly components: Record<string, JsonSchema> = {};

  /** @throws Error when two different schemas have the same name */
  of(schema: z.ZodType, io: Direction): JsonSchema {
    const {
      $defs = {},
      $schema: _,
      ...root
    } = asSchema(z.toJSONSchema(schema, { io, unrepresentable: 'any', override: replaceDescribed }));
    // Definitions that were replaced by a description are not referenced any more and are left out.
    const definitions = asSchema($defs);
    for (const name of namesIn(root, definitions)) this.#keep(name, tidy(definitions[name], io));
    return asSchema(tidy(root, io));
  }

  /** Follows the schema's `$ref`, if it has one. */
  resolve(schema: JsonSchema): JsonSchema {
    const { $ref, ...beside } = schema;
    if (typeof $ref !== 'string') return schema;
    return { ...this.resolve(this.components[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {}), ...beside };
  }

  #keep(name: string, definition: unknown): void {
    const known = this.components[name];
    if (known && JSON.stringify(known) !== JSON.stringify(definition)) {
      throw new Error(`Two different schemas are called ${name}; a request and a response need names of their own.`);
    }
    this.components[name] = asSchema(definition);
  }
}

/** The names of all definitions that a schema references, directly or indirectly. */
function namesIn(schema: unknown, definitions: JsonSchema, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/g)) {
    if (found.has(name)) continue;
    found.add(name);
    namesIn(definitions[name], definitions, found);
  }
  return found;
}

/** A description with a type replaces the whole schema: it documents a transform, which JSON Schema cannot express. */
function replaceDescribed({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: object }): void {
  const { id: _, ...described } = z.globalRegistry.get(zodSchema) ?? {};
  if (described.type === undefined && described.anyOf === undefined) return;
  const json = asSchema(jsonSchema);
  if (json.$ref !== undefined) return;
  for (const key of Object.keys(json)) if (key !== 'id') delete json[key];
  Object.assign(json, described);
}

function tidy(value: unknown, io: Direction): unknown {
  if (Array.isArray(value)) return value.map((item) => tidy(item, io));
  if (typeof value !== 'object' || value === null) return value;
  const result: JsonSchema = {};
  for (const [key, child] of Object.entries(value)) {
    if (key === 'examples' || key === 'default' || key === 'enum' || key === 'const') result[key] = child;
    else if (key === 'example') result.examples = [child];
    else if (key === 'properties') {
      result.properties = Object.fromEntries(Object.entries(asSchema(child)).map(([name, of]) => [name, tidy(of, io)]));
    } else if (key === 'additionalProperties' && isRecordOfNames(value))
      result.properties = recordProperties(value, io);
    else if (key === '$ref') result.$ref = String(child).replace('#/$defs/', '#/components/schemas/');
    else if (!isNoise(key, child, io)) result[key] = tidy(child, io);
  }
  return nullable(result);
}

interface RecordOfNames {
  propertyNames: { enum: string[] };
  additionalProperties: unknown;
}

const isRecordOfNames = (schema: object): schema is RecordOfNames =>
  Array.isArray((schema as Partial<RecordOfNames>).propertyNames?.enum);

/** A record with known keys becomes an object with these properties. */
const recordProperties = ({ propertyNames, additionalProperties }: RecordOfNames, io: Direction): JsonSchema =>
  Object.fromEntries(propertyNames.enum.map((name) => [name, tidy(additionalProperties, io)]));

/** Leaves out what clients must not rely on (no further response fields) and JavaScript's integer limits. */
const isNoise = (key: string, value: unknown, io: Direction): boolean =>
  key === 'propertyNames' ||
  (key === 'additionalProperties' && value === false && io === 'output') ||
  ((key === 'maximum' || key === 'minimum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER);

/** Shortens `anyOf: [string, null]` to a type array, which more tools display well. */
function nullable(schema: JsonSchema): JsonSchema {
  const { anyOf, ...outer } = schema;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema;
  const [some, none] = anyOf as [JsonSchema, JsonSchema];
  if (none.type !== 'null' || some.type === undefined) return schema;
  const { type, enum: values, ...rest } = some;
  return { type: [type, 'null'].flat(), ...rest, ...outer, ...(Array.isArray(values) && { enum: [...values, null] }) };
}
