import type { Context } from 'hono';
import { AppError, validationError } from '../errors.ts';

const JSON_LIMIT = 1024 * 1024;
const UPLOAD_LIMIT = 5 * 1024 * 1024;
/** The media types that Hono's validator accepts as JSON: it reads any other body as an empty object. */
const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;
const MAX_DEPTH = 32;

/**
 * Reads the body as a JSON object for the validator; a body that may be left out counts as an empty object.
 * @throws AppError 413, 415, or 400 for what is not UTF-8 or JSON
 */
export async function readJson(c: Context, required: boolean): Promise<void> {
  const bytes = await readWithin(c.req.raw, JSON_LIMIT);
  const isEmpty = bytes.length === 0;
  if (isEmpty && !required) return setParsedBody(c, {});
  refuseEncoded(c);
  const type = c.req.header('content-type');
  if (type === undefined ? !isEmpty : !JSON_TYPE.test(type)) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
  if (isEmpty) throw validationError([{ path: 'body', message: 'A JSON body is required.' }]);
  const value = parse(decode(bytes));
  // axios sends `null` where its caller gave no body.
  if (value === null && !required) return setParsedBody(c, {});
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw validationError([{ path: 'body', message: 'The body must be a JSON object.' }]);
  }
  setParsedBody(c, value);
}

/** Makes `c.req.json()` return this value, so that the validator does not parse the body again. */
const setParsedBody = (c: Context, value: unknown): void => {
  Object.assign(c.req, { json: async () => value });
};

/** A multipart upload: the text of its one file, and its other fields. */
export interface Upload {
  file: string;
  fields: Record<string, string>;
}

/** @throws AppError 413, 415, 400 */
export async function readUpload(c: Context, field: string): Promise<Upload> {
  const bytes = await readWithin(c.req.raw, UPLOAD_LIMIT);
  refuseEncoded(c);
  const type = c.req.header('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', `Send the file as multipart/form-data, in the field "${field}".`);
  }
  const form = await new Response(bytes, { headers: { 'Content-Type': type } }).formData().catch(() => undefined);
  const file: unknown = form?.get(field);
  if (!(file instanceof File)) throw validationError([{ path: field, message: 'A file is required here.' }]);
  const others = [...(form ?? [])].filter(([name]) => name !== field);
  const fields = Object.fromEntries(others.map(([name, value]) => [name, typeof value === 'string' ? value : '']));
  return { file: decode(new Uint8Array(await file.arrayBuffer())), fields };
}

/** The body as it was sent, of whatever media type. @throws AppError 413, 400 */
export async function readText(c: Context, limit: number): Promise<string> {
  return decode(await readWithin(c.req.raw, limit));
}

/** A compressed body is not unpacked: its size would say nothing of what it becomes. @throws AppError 415 */
function refuseEncoded(c: Context): void {
  const encodings = (c.req.header('content-encoding') ?? '').split(',').map((each) => each.trim().toLowerCase());
  if (encodings.every((encoding) => encoding === '' || encoding === 'identity')) return;
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body without a Content-Encoding.');
}

async function readWithin(request: Request, limit: number): Promise<Uint8Array> {
  const announced = request.headers.get('content-length');
  if (Number(announced ?? 0) > limit) throw new AppError('PAYLOAD_TOO_LARGE');
  if (!request.body) return new Uint8Array();
  // The runtime delivers no more than the announced length, and reading in one piece is much faster than by chunks.
  if (announced !== null) return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    size += chunk.length;
    if (size > limit) throw new AppError('PAYLOAD_TOO_LARGE');
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw validationError([{ path: 'body', message: 'The body must be UTF-8.' }]);
  }
}

function parse(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw validationError([{ path: 'body', message: 'The body is not valid JSON.' }]);
  }
  if (depthOf(value) > MAX_DEPTH) {
    throw validationError([{ path: 'body', message: `The body is nested deeper than ${MAX_DEPTH} levels.` }]);
  }
  return value;
}

function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return depth;
  return Object.values(value).reduce<number>(
    (deepest, child) => Math.max(deepest, depthOf(child, depth + 1)),
    depth + 1,
  );
}
