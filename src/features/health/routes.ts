import { sql } from 'drizzle-orm';
import { Hono } from 'hono';
import { configOf } from '../../config.ts';
import { Database } from '../../db/database.ts';
import { statement } from '../../db/statement.ts';
import type { AppEnv } from '../../http/context.ts';
import { logError } from '../../http/log.ts';

/** For load balancers and operators: outside rate limits, and alive even with a configuration that is not fit to serve. */
export const health = new Hono<AppEnv>();

health.get('/', (c) => c.json({ data: { status: 'ok' } }, 200, { 'Cache-Control': 'no-store' }));

health.get('/ready', async (c) => {
  const checks = { configuration: 'ok', database: 'unknown' };
  try {
    const config = configOf(c.env);
    checks.database = 'failed';
    const database = new Database(config);
    c.set('database', database);
    await database.batch([statement(sql`select 1 from settings`)]);
    checks.database = 'ok';
    return c.json({ data: { status: 'ok', checks } }, 200, { 'Cache-Control': 'no-store' });
  } catch (error) {
    if (checks.database === 'unknown') checks.configuration = 'failed';
    logError(c, error);
    const failed = Object.entries(checks)
      .filter(([, state]) => state === 'failed')
      .map(([name]) => name);
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
  }
});
