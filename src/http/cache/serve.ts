import type { Context } from 'hono';
import type { Config } from '../../config.ts';
import type { AppEnv } from '../context.ts';
import { generalHeadersFor, respond, serverTiming } from '../headers.ts';
import { logError } from '../log.ts';
import type { Entry } from './memory.ts';
import { ageOf, cacheControl, type Policy, type PublicCache, type Read } from './public-cache.ts';

/** Answers a public read from the nearest cache tier that has it. */
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
  return respondCached(entry, policy, c.req.raw.headers, { requestId, config, extra: serverTiming(c) });
}

/** Sends a cached response, or 304 to a client that has it already. */
export function respondCached(
  entry: Entry,
  policy: Policy,
  requestHeaders: Headers,
  context: { requestId: string; config: Config; extra: Record<string, string> },
): Response {
  const { requestId, config, extra } = context;
  const general = generalHeadersFor(requestHeaders.get('origin'), config);
  const tags = requestHeaders.get('if-none-match');
  if (tags !== null && matches(tags, entry.etag)) {
    const own = { ...varyOf(policy), 'Cache-Control': cacheControl(entry, policy), ETag: entry.etag, ...extra };
    return respond(null, 304, { general, requestId, own });
  }
  return respond(entry.body, 200, { general: headersOf(entry, policy, general), requestId, own: extra });
}

export const VARY_BY_LANGUAGE = 'Origin, Accept-Language';
const varyOf = ({ translated }: Policy): Record<string, string> => (translated ? { Vary: VARY_BY_LANGUAGE } : {});

/** Reuses the headers until the entry is a second older: copying them costs less than setting each. */
function headersOf(entry: Entry, policy: Policy, general: Headers): Headers {
  const age = ageOf(entry);
  const { cachedHeaders } = entry;
  if (cachedHeaders?.general === general && cachedHeaders.age === age) return cachedHeaders.headers;
  const headers = new Headers(general);
  headers.set('Content-Type', 'application/json');
  headers.set('Cache-Control', cacheControl(entry, policy));
  headers.set('ETag', entry.etag);
  if (policy.translated) headers.set('Vary', VARY_BY_LANGUAGE);
  entry.cachedHeaders = { general, age, headers };
  return headers;
}

/** Weak tags match as well: a proxy that compresses a response weakens its tag. */
const matches = (tags: string, etag: string): boolean =>
  tags.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));

/**
 * The cache key, the same for all spellings of a request: the path with its validated parameters, then the query parameters
 * that the route declares, sorted and with their defaults.
 */
export function keyOf(path: string, params: unknown, query: unknown): string {
  const values = new Map(Object.entries(params ?? {}));
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
  const declared = Object.entries(query ?? {})
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${encodeURIComponent(typeof value === 'object' ? JSON.stringify(value) : value)}`);
  return declared.length === 0 ? filled : `${filled}?${declared.join('&')}`;
}
