import type { Context } from 'hono';
import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { type AppEnv, beginRequest, type Identity } from '../context.ts';
import { logError } from '../log.ts';
import { RecentResults } from '../recent-results.ts';
import { SIGNED_IN } from '../route.ts';
import { EndedSessions } from './ended-sessions.ts';

/** What one isolate knows of the sessions of a deployment's users. */
interface Knowledge {
  ended: EndedSessions;
  /** Per user, the sessions that the database was asked about a moment ago and that have ended. */
  checks: RecentResults<number[]>;
}

const CHECK_INTERVAL_MS = 1_000;
const known = new WeakMap<Config, Knowledge>();

function knowledgeOf(config: Config): Knowledge {
  let knowledge = known.get(config);
  if (!knowledge) {
    knowledge = { ended: new EndedSessions(), checks: new RecentResults(CHECK_INTERVAL_MS) };
    known.set(config, knowledge);
  }
  return knowledge;
}

export const endedSessionsOf = (config: Config): EndedSessions => knowledgeOf(config).ended;

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
    await c.get('database').batch([beginRequest(identity, SIGNED_IN, c.get('requestId'))]);
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === 'AUTH_REQUIRED') return true;
    logError(c, error);
    return false;
  }
}
