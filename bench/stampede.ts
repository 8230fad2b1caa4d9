import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE, type Site } from './site.ts';

/** The results of concurrent misses of one key. */
export interface Stampede {
  requests: number;
  trips: number;
  slowestMs: number;
  /** The same while the client whose request queries the database disconnects. */
  abandoned: { answered: number; trips: number; slowestMs: number };
}

const REQUESTS = 50;
const DISTANCE_MS = 200;

/**
 * Concurrent cache misses of one key, as separate requests on the real runtime, where a promise shared between requests could
 * hang them all: with all clients waiting, and with the first one disconnecting.
 */
export async function stampede(site: Site): Promise<Stampede> {
  const { control } = site.gateway;
  const before = control.delayMs;
  control.delayMs = DISTANCE_MS;
  try {
    const all = await rush(site, '/catalog/products?sort=price_asc&limit=7', REQUESTS);
    const path = '/catalog/products?sort=price_desc&limit=7';
    const leaver = new AbortController();
    const left = fetch(`${site.api.warm}/api/v1${path}`, { signal: leaver.signal }).catch(() => undefined);
    await sleep(DISTANCE_MS / 4);
    const rest = rush(site, path, REQUESTS);
    await sleep(DISTANCE_MS / 4);
    leaver.abort();
    await left;
    const { answered, trips, slowestMs } = await rest;
    return {
      requests: REQUESTS,
      trips: all.trips,
      slowestMs: all.slowestMs,
      abandoned: { answered, trips, slowestMs },
    };
  } finally {
    control.delayMs = before;
  }
}

async function rush(site: Site, path: string, requests: number) {
  const { control } = site.gateway;
  control.forget(DATABASE);
  const started = performance.now();
  const answers = await Promise.all(
    Array.from({ length: requests }, async () => {
      const answer = await fetch(`${site.api.warm}/api/v1${path}`);
      await answer.arrayBuffer();
      return { isGood: answer.ok, took: performance.now() - started };
    }),
  );
  return {
    answered: answers.filter(({ isGood }) => isGood).length,
    trips: control.seen(DATABASE).trips,
    slowestMs: Math.round(Math.max(...answers.map(({ took }) => took))),
  };
}
