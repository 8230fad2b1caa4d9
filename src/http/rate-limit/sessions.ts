import type { Context } from 'hono';
import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { type AppEnv, checkOf, type Identity } from '../context.ts';
import { logError } from '../log.ts';
import { RecentResults } from '../recent-results.ts';
import { SIGNED_IN } from '../route.ts';
import { EndedSessions } from './ended-sessions.ts';
import { setNewest } from './newest.ts';

/** What one isolate knows of the sessions of a deployment's users. */
interface Knowledge {
  ended: EndedSessions;
  /** Per user, the sessions that the database was asked about a moment ago and that have ended. */
  checks: RecentResults<number[]>;
  /** The hashes of API keys that the database found valid, the last ones only. */
  keys: Map<string, true>;
}

const CHECK_INTERVAL_MS = 1_000;
const known = new WeakMap<Config, Knowledge>();

function knowledgeOf(config: Config): Knowledge {
  let knowledge = known.get(config);
  if (!knowledge) {
    knowledge = { ended: new EndedSessions(), checks: new RecentResults(CHECK_INTERVAL_MS), keys: new Map() };
    known.set(config, knowledge);
  }
  return knowledge;
}

export const endedSessionsOf = (config: Config): EndedSessions => knowledgeOf(config).ended;

const MAX_KEYS = 1_000;

/** Whether the database found this key valid a moment ago: only then is it counted by itself, because anyone can invent keys. */
export const isProvenKey = (config: Config, hash: string): boolean => knowledgeOf(config).keys.has(hash);

export function rememberKey(config: Config, hash: string, isValid: boolean): void {
  const { keys } = knowledgeOf(config);
  if (isValid) setNewest(keys, hash, true, MAX_KEYS);
  else keys.delete(hash);
}

/**
 * Asks the database which of these sessions of the caller have ended, at most once a second for each user. Only a request that
 * would be refused pays for this.
 */
export function findEndedSessions(c: Context<AppEnv>, identity: Identity, sessionIds: number[]): Promise<number[]> {
  const { checks } = knowledgeOf(c.get('config'));
  const check = async () => {
    const ended = await Promise.all(sessionIds.map((sessionId) => hasEnded(c, { ...identity, sessionId })));
    return sessionIds.filter((_, i) => ended[i]);
  };
  return checks.get(String(identity.userId), check, (work) => c.executionCtx.waitUntil(work));
}

/** Judged by `begin_request`, so that there is one rule for what a live session is. */
async function hasEnded(c: Context<AppEnv>, identity: Identity): Promise<boolean> {
  try {
    await c.get('database').call(checkOf(identity, { roles: SIGNED_IN, needsTotp: false }, c.get('requestId')));
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === 'AUTH_REQUIRED') return true;
    logError(c, error);
    return false;
  }
}
