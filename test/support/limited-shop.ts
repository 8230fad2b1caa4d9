import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { vi } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { RateLimiter } from '../../src/durable-objects/rate-limiter.ts';
import { AppError } from '../../src/errors.ts';
import type { AppEnv } from '../../src/http/context.ts';
import { IsolateCounts } from '../../src/http/rate-limit/isolate-counts.ts';
import { rateLimit } from '../../src/http/rate-limit/rate-limit.ts';
import { parsePolicy } from '../../src/rate-limits/policy.ts';

export const START = Date.UTC(2030, 0, 1);
export const at = (seconds: number) => vi.setSystemTime(START + seconds * 1000);

type Limiters = DurableObjectNamespace<RateLimiter>;
type Stub = Pick<RateLimiter, 'hit' | 'report'>;
export const limitersThat = (stub: (name: string) => Stub) => ({ getByName: stub }) as unknown as Limiters;

/** The real limiters, and how many calls they get. */
export function countedLimiters() {
  const calls = { hit: 0, report: 0 };
  const limiters = limitersThat((name) => ({
    hit(...question: Parameters<RateLimiter['hit']>) {
      calls.hit++;
      return env.RATE_LIMITER.getByName(name).hit(...question);
    },
    report(...question: Parameters<RateLimiter['report']>) {
      calls.report++;
      return env.RATE_LIMITER.getByName(name).report(...question);
    },
  }));
  return { calls, limiters };
}

export const unreachable = limitersThat(() => {
  throw new Error('The object is overloaded');
});

export const neverAnswering: Stub = { hit: () => new Promise(() => {}), report: () => new Promise(() => {}) };

let addresses = 0;
export const newAddress = () => `198.51.${addresses >> 8}.${addresses++ & 255}`;

interface ShopOptions {
  defaults?: string;
  limiters?: Limiters;
  counts?: IsolateCounts;
  address?: string;
}

/** A tiny shop behind the limiter, and a client of it: each shop is an isolate of its own. */
export function openShop({
  defaults = '3 per minute',
  limiters,
  counts = new IsolateCounts(),
  address,
}: ShopOptions = {}) {
  const app = new Hono<AppEnv>();
  app.onError((error, c) => {
    if (!(error instanceof AppError)) throw error;
    return c.json(error, error.status, error.headers);
  });
  app.use(async (c, next) => {
    const windows = parsePolicy(defaults);
    c.set('config', { rateLimits: { browse: windows, shop: windows, default: windows } } as Config);
    const user = c.req.header('X-Test-User');
    if (user) c.set('identity', { userId: Number(user), sessionId: 1, role: 'CUSTOMER' });
    await next();
  });
  app.get('/products/:id', rateLimit({ mode: 'read', kind: 'browse', counts }), () => new Response('milk'));
  app.post('/cart', rateLimit({ mode: 'write', kind: 'shop', counts }), (c) => c.json({ ok: true }, 201));
  app.put('/cart', rateLimit({ mode: 'write', kind: 'shop', counts }), () => {
    throw new AppError('NOT_FOUND');
  });
  app.post('/login', rateLimit({ mode: 'sign-in', kind: 'default', limit: '2 per minute', counts }), (c) =>
    c.json({ ok: true }),
  );
  app.post('/change-password', rateLimit({ mode: 'sign-in', kind: 'default', isForSignedIn: true, counts }), (c) =>
    c.json({ ok: true }),
  );
  app.all('*', (c) => c.notFound());

  const from = address ?? newAddress();
  /** Answers as soon as the response is there; `settled` then waits for the work that follows it. */
  async function leaving(method: string, path: string, headers: Record<string, string> = {}) {
    const execution = createExecutionContext();
    const init = { method, headers: { 'CF-Connecting-IP': from, ...headers } };
    const bindings = { ...env, RATE_LIMITER: limiters ?? env.RATE_LIMITER };
    const response = await app.request(path, init, bindings, execution);
    return { response, settled: () => waitOnExecutionContext(execution) };
  }
  async function send(...request: Parameters<typeof leaving>) {
    const { response, settled } = await leaving(...request);
    await settled();
    return response;
  }
  return Object.assign(send, { leaving });
}

export async function statuses(count: number, request: () => Promise<Response>): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 0; i < count; i++) seen.push((await request()).status);
  return seen;
}
