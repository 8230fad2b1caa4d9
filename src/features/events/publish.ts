import { sql } from 'drizzle-orm';
import { Allowance, type Counts, type Job, type Services, soon, systemBatch } from '../../background.ts';
import type { Config } from '../../config.ts';
import { statement } from '../../db/statement.ts';
import type { Call } from '../../http/context.ts';
import { sleep } from '../../sleep.ts';
import { announceTo } from '../live/rooms.ts';
import { deliverWebhooks } from '../webhooks/deliver.ts';
import { pumpOf } from './pump.ts';

type EventServices = Services & { readonly env: Env };

const BATCH = 200;
/** How long to wait for transactions that keep events out of sight, and how often. */
const SETTLE_MS = 50;
const SETTLE_ROUNDS = 100;
const SUBREQUESTS_AFTER_RESPONSE = 200;
/** Cloudflare ends what runs longer after a response. */
const MILLISECONDS_AFTER_RESPONSE = 20_000;

interface Published {
  published: number;
  is_behind: boolean;
  is_wanted: boolean;
  orders: number[];
  branches: number[];
}

async function announced(services: EventServices): Promise<Published | undefined> {
  const [[batch]] = await systemBatch(services)([statement<Published>(sql`select * from announce_events(${BATCH})`)]);
  return batch;
}

/** Passes on what has happened, in order, while nobody else does. */
async function publish(
  services: EventServices,
  allowance: Allowance,
  { deliversAlways = false } = {},
): Promise<Counts> {
  const pump = pumpOf(services.env, services.config);
  let published = 0;
  let isWanted = true;
  let hasTurn = false;
  // A room that is slow to answer holds nobody up.
  const told: Promise<void>[] = [];
  for (let goesOn = await pump.begin(); goesOn; goesOn = await pump.end(isWanted)) {
    hasTurn = true;
    let waited = 0;
    while (allowance.take(2)) {
      const batch = await announced(services).catch(async (error: unknown) => {
        // Or nobody could begin until the turn of one who has died is over.
        await pump.end(true).catch(() => {});
        throw error;
      });
      published += batch?.published ?? 0;
      isWanted = batch?.is_wanted ?? true;
      if (batch) told.push(announceTo(services, batch));
      if (!batch?.is_behind || waited === SETTLE_ROUNDS) break;
      if (batch.published > 0) continue;
      waited += 1;
      await sleep(SETTLE_MS);
    }
    if (allowance.isSpent) isWanted = true;
  }
  // Nobody listens, or the one who publishes now delivers as well.
  const delivers = (hasTurn || deliversAlways) && isWanted;
  const [counts] = await Promise.all([delivers ? deliverWebhooks(services, allowance) : {}, ...told]);
  return { published, ...counts };
}

const collecting = new WeakSet<Config>();

/**
 * After a command that may have changed something: tells the receivers, right after the response. It first waits (`EVENT_COLLECT_MS`) for
 * changes of other requests, so that busy moments share a round trip.
 */
export function publishSoon(call: Call): void {
  if (collecting.has(call.config)) return;
  collecting.add(call.config);
  soon(call, 'publish_events', async () => {
    try {
      await sleep(call.config.eventCollectMs);
    } finally {
      collecting.delete(call.config);
    }
    const deadline = performance.now() + MILLISECONDS_AFTER_RESPONSE;
    return publish(call, new Allowance(SUBREQUESTS_AFTER_RESPONSE, deadline));
  });
}

/** What the responses left behind. */
export const publishEvents: Job = {
  name: 'publish_events',
  everyRound: true,
  run: async (services, allowance) => {
    await pumpOf(services.env, services.config).want();
    return publish(services, allowance, { deliversAlways: true });
  },
};
