import { fitConfigOf } from '../../config.ts';
import type { Language } from '../../db/schema/words.ts';
import { logFailure } from '../../log.ts';
import { parsePolicy } from '../../rate-limits/policy.ts';
import { requestIdOf } from '../headers.ts';
import { acceptedLanguage } from '../language.ts';
import { countServed, logServed } from '../log.ts';
import { quotaOfRead } from '../rate-limit/rate-limit.ts';
import { type Policy, publicCacheOf } from './public-cache.ts';
import { respondCached } from './serve.ts';

/** What routing and validation found out about a public read when its URL was first requested. */
interface KnownRead {
  /** Key of its response in the cache, in a language. */
  keyIn: (language: Language | undefined) => string;
  /** The language that the URL asks for, or that it leaves the choice to `Accept-Language`. */
  lang: Language | 'by header' | undefined;
  policy: Policy;
  /** Path pattern of its route. */
  path: string;
  /** Rate limit of its route, if it has its own. */
  limit: string | undefined;
}

const MAX_READS = 5_000;
const MAX_URL = 1_024;
const known = new Map<string, KnownRead>();

export function rememberRead(url: string, read: KnownRead): void {
  if (url.length > MAX_URL || known.has(url)) return;
  if (known.size >= MAX_READS) known.clear();
  const keys = new Map<Language | undefined, string>();
  const keyIn = (language: Language | undefined): string => {
    const key = keys.get(language) ?? read.keyIn(language);
    keys.set(language, key);
    return key;
  };
  known.set(url, { ...read, keyIn });
}

/**
 * Serves a public read from memory without routing and validation: its URL was answered before, so their results are known,
 * and its response is fresh. Most requests of a storefront are such. Undefined for anything else (a caller to be counted by
 * user, a used-up quota, a response to be fetched again): the application then gives the same answer.
 */
export function answerKnown(request: Request, env: Env, ctx: ExecutionContext): Response | undefined {
  const read = known.get(request.url);
  if (!read || request.method !== 'GET') return undefined;
  const { headers } = request;
  const config = fitConfigOf(env);
  if (!config?.publicCache) return undefined;
  const language = read.lang === 'by header' ? acceptedLanguage(headers.get('accept-language')) : read.lang;
  const entry = publicCacheOf(config).fresh(read.keyIn(language), read.policy);
  if (!entry) return undefined;

  const sentId = headers.get('x-request-id');
  const windows = read.limit === undefined ? config.rateLimits.browse : parsePolicy(read.limit);
  // Only quota and log depend on the caller. Reading a header takes two microseconds, so it is read only when needed.
  if ((windows.length > 0 || sentId !== null) && headers.has('authorization')) return undefined;
  const requestId = requestIdOf(sentId);
  const route = `GET ${read.path}`;
  const background = (work: Promise<unknown>) => ctx.waitUntil(work);
  const quota = quotaOfRead(headers, { env, route, windows, background, failed });
  if (quota === 'used up') return undefined;
  const response = respondCached(entry, read.policy, headers, { requestId, config, extra: quota });
  if (sentId === null) {
    countServed(route, response.status);
  } else {
    // Traced request: log it individually.
    const client = headers.get('cf-connecting-ip');
    logServed({ method: 'GET', route: read.path, status: response.status, ms: 0, requestId, client });
  }
  return response;
}

const failed = (error: unknown): void => logFailure('The rate limiter did not answer', error);
