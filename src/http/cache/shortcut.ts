import { fitConfigOf } from '../../config.ts';
import { logFailure } from '../../log.ts';
import { parsePolicy } from '../../rate-limits/policy.ts';
import { requestIdOf } from '../headers.ts';
import { countServed, logServed } from '../log.ts';
import { quotaOfRead } from '../rate-limit/rate-limit.ts';
import { type Policy, publicCacheOf } from './public-cache.ts';
import { tell } from './serve.ts';

/** What was found out of a public read when its URL was asked for the first time. */
interface KnownRead {
  /** Of its answer in the cache. */
  key: string;
  policy: Policy;
  /** The pattern of its route. */
  path: string;
  /** The rate limit of its route, where that has its own. */
  limit: string | undefined;
}

const MAX_READS = 5_000;
const MAX_URL = 1_024;
const known = new Map<string, KnownRead>();

export function rememberRead(url: string, read: KnownRead): void {
  if (url.length > MAX_URL || known.has(url)) return;
  if (known.size >= MAX_READS) known.clear();
  known.set(url, read);
}

/**
 * The way of most requests of a storefront: a read that was answered before under the same URL, and whose answer is fresh in
 * memory. It needs no route, no schema and no session: what those would find out is known. Whatever is not as simple
 * (a caller to be counted by user, a quota that is used up, an answer to fetch anew) goes the whole way, which ends the same.
 */
export function answerKnown(request: Request, env: Env, ctx: ExecutionContext): Response | undefined {
  const read = known.get(request.url);
  if (!read || request.method !== 'GET') return undefined;
  const asked = request.headers;
  const config = fitConfigOf(env);
  if (!config?.publicCache) return undefined;
  const entry = publicCacheOf(config).fresh(read.key, read.policy);
  if (!entry) return undefined;

  const sentId = asked.get('x-request-id');
  const windows = read.limit === undefined ? config.rateLimits.browse : parsePolicy(read.limit);
  // The answer is the same for everybody; the quota and a line of the log are not. Each look at a header takes two microseconds.
  if ((windows.length > 0 || sentId !== null) && asked.has('authorization')) return undefined;
  const requestId = requestIdOf(sentId);
  const route = `GET ${read.path}`;
  const background = (work: Promise<unknown>) => ctx.waitUntil(work);
  const quota = quotaOfRead(asked, { env, route, windows, background, failed });
  if (quota === 'used up') return undefined;
  const response = tell(entry, read.policy, asked, { requestId, config, also: quota });
  if (sentId === null) {
    countServed(route, response.status);
  } else {
    // Somebody follows this one.
    const client = asked.get('cf-connecting-ip');
    logServed({ method: 'GET', route: read.path, status: response.status, ms: 0, requestId, client });
  }
  return response;
}

const failed = (error: unknown): void => logFailure('The rate limiter did not answer', error);
