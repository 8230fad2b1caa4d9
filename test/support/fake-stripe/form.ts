import { badParameter } from './errors.ts';

/** A decoded body or query: `a[b][c]=1` is nested, `a[]=1` is counted on. */
export type Form = { [name: string]: string | Form };

/** Decodes what Stripe takes as body and query: pairs whose names nest in brackets. */
export function parseForm(text: string): Form {
  const form: Form = {};
  for (const [name, value] of new URLSearchParams(text)) place(form, pathOf(name), value);
  return form;
}

function pathOf(name: string): string[] {
  const bracket = name.indexOf('[');
  if (bracket <= 0 || !name.endsWith(']')) return [name];
  return [name.slice(0, bracket), ...name.slice(bracket + 1, -1).split('][')];
}

function place(form: Form, [head = '', ...rest]: string[], value: string): void {
  const name = head === '' ? String(Object.keys(form).length) : head;
  if (rest.length === 0) {
    form[name] = value;
    return;
  }
  const known = form[name];
  const inner = typeof known === 'object' ? known : {};
  form[name] = inner;
  place(inner, rest, value);
}

/**
 * The parameters of a route: `string`, `integer`, `boolean`, `list`, `metadata`, `hash:a|b` with its own names, and
 * `enum:a|b`; an exclamation mark at the end makes it required.
 */
export type Spec = Record<string, string>;

/** The parameters of one request, checked against the spec of its route. */
export class Params {
  readonly #form: Form;

  constructor(spec: Spec, form: Form) {
    refuseUnknown(Object.keys(form).filter((name) => !Object.hasOwn(spec, name) && name !== 'expand'));
    for (const [name, rule] of Object.entries(spec)) checkOne(name, rule, form[name]);
    this.#form = form;
  }

  /** Also true for the empty string, which unsets a field. */
  has(name: string): boolean {
    return this.#form[name] !== undefined;
  }

  text(name: string): string | null {
    const value = this.#form[name];
    return typeof value === 'string' && value !== '' ? value : null;
  }

  integer(name: string): number | null {
    const value = this.text(name);
    return value === null ? null : Number(value);
  }

  flag(name: string): boolean {
    return this.text(name) === 'true';
  }

  list(name: string): string[] {
    return Object.values(this.hash(name)).filter((value) => typeof value === 'string');
  }

  hash(name: string): Form {
    const value = this.#form[name];
    return typeof value === 'object' ? value : {};
  }
}

function checkOne(name: string, rule: string, value: string | Form | undefined): void {
  const required = rule.endsWith('!');
  const [kind, names = ''] = (required ? rule.slice(0, -1) : rule).split(':');
  if (value === undefined || (required && value === '')) {
    if (!required) return;
    throw badParameter(`Missing required param: ${name}.`, { code: 'parameter_missing', param: name });
  }
  if (kind === 'metadata') checkMetadata(value);
  else if (kind === 'hash' || kind === 'list') checkNested(name, kind, names.split('|'), value);
  else if (typeof value === 'object') throw badParameter('Invalid string', { param: name });
  else checkScalar(name, kind, names.split('|'), value);
}

function checkScalar(name: string, kind: string | undefined, choices: string[], value: string): void {
  if (value === '') return;
  if (kind === 'integer' && !/^-?\d{1,15}$/.test(value)) {
    throw badParameter(`Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param: name });
  }
  if (kind === 'boolean' && value !== 'true' && value !== 'false') {
    throw badParameter(`Invalid boolean: ${value}`, { param: name });
  }
  if (kind === 'enum' && !choices.includes(value)) {
    throw badParameter(`Invalid ${name}: must be one of ${choices.join(', ')}`, { param: name });
  }
  if (value.length > 5_000) {
    throw badParameter(`Invalid string: ${value.slice(0, 20)}…; must be at most 5000 characters`, { param: name });
  }
}

function checkNested(name: string, kind: string, names: string[], value: string | Form): void {
  if (value === '') return;
  if (typeof value === 'string') {
    throw badParameter(`Invalid ${kind === 'list' ? 'array' : 'object'}`, { param: name });
  }
  if (kind === 'list' || names[0] === '') return;
  refuseUnknown(
    Object.keys(value)
      .filter((inner) => !names.includes(inner))
      .map((inner) => `${name}[${inner}]`),
  );
}

function checkMetadata(value: string | Form): void {
  if (value === '') return;
  if (typeof value === 'string') throw badParameter('Invalid object', { param: 'metadata' });
  const entries = Object.entries(value);
  if (entries.length > 50) throw badParameter('You can specify up to 50 metadata keys', { param: 'metadata' });
  for (const [key, inner] of entries) {
    const param = `metadata[${key}]`;
    if (typeof inner === 'object') throw badParameter('Metadata values must be strings', { param });
    if (key.length > 40) throw badParameter(`Metadata keys can be up to 40 characters long: ${key}`, { param });
    if (inner.length > 500) throw badParameter('Metadata values can have up to 500 characters', { param });
  }
}

function refuseUnknown(names: string[]): void {
  if (names.length === 0) return;
  const listed = names.join(', ');
  throw badParameter(`Received unknown parameter${names.length > 1 ? 's' : ''}: ${listed}`, {
    code: 'parameter_unknown',
    param: names[0],
  });
}

/** Metadata after a change: keys are merged, an empty value removes its key, an empty hash removes all. */
export function mergedMetadata(old: Record<string, string>, params: Params): Record<string, string> {
  const changes = Object.entries(params.hash('metadata'));
  if (params.has('metadata') && changes.length === 0) return {};
  const merged = new Map(Object.entries(old));
  for (const [key, value] of changes) {
    if (value === '') merged.delete(key);
    else merged.set(key, String(value));
  }
  return Object.fromEntries(merged);
}
