import { sql } from 'drizzle-orm';
import { type Context, Hono } from 'hono';
import { type Config, configOf } from '../../config.ts';
import { Database } from '../../db/database.ts';
import { statement } from '../../db/statement.ts';
import type { AppEnv } from '../../http/context.ts';
import { logError } from '../../http/log.ts';
import { RecentResults } from '../../http/recent-results.ts';
import { type JobRun, jobRuns } from '../../jobs/runs.ts';

const CHECK_INTERVAL_MS = 1_000;

/** For load balancers and operators: not rate limited, and /health works even with an invalid configuration. */
export const health = new Hono<AppEnv>();

health.get('/', (c) => c.json({ data: { status: 'ok' } }, 200, { 'Cache-Control': 'no-store' }));

health.get('/ready', async (c) => {
  const checks = await check(c);
  const failed = Object.entries(checks)
    .filter(([, state]) => state === 'failed')
    .map(([name]) => name);
  if (failed.length === 0) return c.json({ data: { status: 'ok', checks } }, 200, { 'Cache-Control': 'no-store' });
  return c.json(
    {
      error: {
        code: 'SERVICE_UNAVAILABLE',
        message: `Not ready: ${failed.join(', ')}.`,
        status_code: 503,
        details: { checks },
      },
    },
    503,
    { 'Cache-Control': 'no-store', 'Retry-After': '5' },
  );
});

/** For a monitor outside: the scheduled jobs have run of late. */
health.get('/jobs', async (c) => {
  const config = configOf(c.env);
  const database = new Database(config);
  c.set('database', database);
  const recent = runs.get(config) ?? new RecentResults<JobRun[]>(CHECK_INTERVAL_MS);
  runs.set(config, recent);
  const read = async () => (await database.batch([jobRuns()]))[0];
  const rows = await recent.get('jobs', read, (work) => c.executionCtx.waitUntil(work));
  const jobs = rows.map(({ succeeded_at, ...run }) => ({
    ...run,
    succeeded_at: succeeded_at && new Date(succeeded_at).toISOString(),
  }));
  const late = jobs.filter(({ is_late }) => is_late).map(({ schedule }) => schedule);
  if (late.length === 0) return c.json({ data: { status: 'ok', jobs } }, 200, { 'Cache-Control': 'no-store' });
  const message = `No run without a failure for too long: ${late.join(', ')}.`;
  return c.json({ error: { code: 'SERVICE_UNAVAILABLE', message, status_code: 503, details: { jobs } } }, 503, {
    'Cache-Control': 'no-store',
    'Retry-After': '60',
  });
});

const runs = new WeakMap<Config, RecentResults<JobRun[]>>();

async function check(c: Context<AppEnv>): Promise<{ configuration: string; database: string }> {
  let config: Config;
  try {
    config = configOf(c.env);
  } catch (error) {
    logError(c, error);
    return { configuration: 'failed', database: 'unknown' };
  }
  const database = new Database(config);
  c.set('database', database);
  return { configuration: 'ok', database: await databaseState(c, config, database) };
}

const states = new WeakMap<Config, RecentResults<'ok' | 'failed'>>();

/** Public and not rate limited, so the database is queried at most once a second. */
function databaseState(c: Context<AppEnv>, config: Config, database: Database): Promise<'ok' | 'failed'> {
  const recent = states.get(config) ?? new RecentResults<'ok' | 'failed'>(CHECK_INTERVAL_MS);
  states.set(config, recent);
  const ask = async () => {
    try {
      await database.batch([statement(sql`select 1 from settings`)]);
      return 'ok';
    } catch (error) {
      logError(c, error);
      return 'failed';
    }
  };
  return recent.get('database', ask, (work) => c.executionCtx.waitUntil(work));
}
