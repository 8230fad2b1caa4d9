import type { Context } from 'hono';
import type { Config } from '../../config.ts';
import type { AppEnv } from '../context.ts';
import { readyHeadersFor, respond, serverTiming } from '../headers.ts';
import { logError } from '../log.ts';
import type { Entry } from './memory.ts';
import { ageOf, cacheControl, type Policy, type PublicCache, type Read } from './public-cache.ts';

/** Answers a public read from the nearest tier that may tell it. */
export async function serveCached(
  c: Context<AppEnv>,
  cache: PublicCache,
  key: string,
  policy: Policy,
  load: Read['load'],
): Promise<Response> {
  const background = (work: Promise<unknown>) =>
    c.executionCtx.waitUntil(work.catch((error: unknown) => logError(c, error)));
  const entry = await cache.read({ key, origin: () => new URL(c.req.url).origin, policy, load, background });
  const { requestId, config } = c.var;
  return tell(entry, policy, c.req.raw.headers, { requestId, config, also: serverTiming(c) });
}

/** A stored answer; 304 to a client who has it already. */
export function tell(
  entry: Entry,
  policy: Policy,
  asked: Headers,
  by: { requestId: string; config: Config; also: Record<string, string> },
): Response {
  const { requestId, config, also } = by;
  const ready = readyHeadersFor(asked.get('origin'), config);
  const tags = asked.get('if-none-match');
  if (tags !== null && isKnown(tags, entry.etag)) {
    const own = { 'Cache-Control': cacheControl(ageOf(entry), policy), ETag: entry.etag, ...also };
    return respond(null, 304, { ready, requestId, own });
  }
  return respond(entry.body, 200, { ready: headersOf(entry, policy, ready), requestId, own: also });
}

/** The same until the entry is a second older: copying them costs less than setting each. */
function headersOf(entry: Entry, policy: Policy, ready: Headers): Headers {
  const age = ageOf(entry);
  if (entry.told?.ready === ready && entry.told.age === age) return entry.told.headers;
  const headers = new Headers(ready);
  headers.set('Content-Type', 'application/json');
  headers.set('Cache-Control', cacheControl(age, policy));
  headers.set('ETag', entry.etag);
  entry.told = { ready, age, headers };
  return headers;
}

/** Weak tags match as well: a proxy that compresses an answer weakens its tag. */
const isKnown = (tags: string, etag: string): boolean =>
  tags.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));

/**
 * One name for all spellings of a request: its path with the validated parameters, and of the query what the route knows,
 * in one order and with the defaults filled in.
 */
export function keyOf(path: string, params: unknown, query: unknown): string {
  const values = new Map(Object.entries(params ?? {}));
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
  const known = Object.entries(query ?? {})
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${encodeURIComponent(typeof value === 'object' ? JSON.stringify(value) : value)}`);
  return known.length === 0 ? filled : `${filled}?${known.join('&')}`;
}
