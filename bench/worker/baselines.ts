import { neon, neonConfig } from '@neondatabase/serverless';
import { type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/neon-http';
import { Hono } from 'hono';

interface Env {
  DATABASE_URL: string;
  DATABASE_GATEWAY_URL: string;
}

/** One batch as recorded between the API and the database. */
type Heard = { query: string; params: unknown[] }[];

/** The batches that `/sql/{name}` runs in turn; set by the benchmark before it measures. */
const batches = new Map<string, SQL[][]>();
const turns = new Map<string, number>();
let client: ReturnType<typeof drizzle> | undefined;

/** The same text and parameters, built with Drizzle again like in the API. */
function toSql({ query, params }: Heard[number]): SQL {
  const parts = query.split(/\$(\d+)/);
  return sql.join(parts.map((part, index) => (index % 2 === 0 ? sql.raw(part) : sql`${params[Number(part) - 1]}`)));
}

const app = new Hono<{ Bindings: Env }>();

app.get('/hello', (c) => c.json({ hello: 'world' }));

app.put('/sql/:name', async (c) => {
  const heard = await c.req.json<Heard[]>();
  batches.set(
    c.req.param('name'),
    heard.map((batch) => batch.map(toSql)),
  );
  return c.body(null, 204);
});

app.get('/sql/:name', async (c) => {
  const name = c.req.param('name');
  const known = batches.get(name) ?? [];
  const turn = turns.get(name) ?? 0;
  turns.set(name, turn + 1);
  const [first, ...rest] = known[turn % known.length] ?? [];
  if (!first) return c.notFound();
  neonConfig.fetchEndpoint = c.env.DATABASE_GATEWAY_URL;
  const db = client ?? drizzle(neon(c.env.DATABASE_URL));
  client = db;
  const results = await db.batch([db.execute(first), ...rest.map((statement) => db.execute(statement))]);
  return c.json({ data: results.at(-1)?.rows });
});

export default app;
