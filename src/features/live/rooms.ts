import { sql } from 'drizzle-orm';
import { type Services, soon, systemBatch } from '../../background.ts';
import { shopName } from '../../config.ts';
import { statement } from '../../db/statement.ts';
import type { Source } from '../../durable-objects/live-room.ts';
import { unavailable } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { inTime } from '../../in-time.ts';
import { type Place, placeName } from '../../live/place.ts';
import { pumpOf } from '../events/pump.ts';

const ROOM_TIMEOUT_MS = 5_000;

type LiveServices = Services & { readonly env: Env };

/** What a room needs in order to read. */
export const roomSource = ({
  config: { databaseUrl, databaseGatewayUrl, databaseTimeoutMs },
}: Pick<Services, 'config'>): Source => ({
  databaseUrl,
  databaseGatewayUrl,
  databaseTimeoutMs,
});

const roomNamed = ({ env, config }: LiveServices, name: string) =>
  env.LIVE_ROOM.getByName(`${shopName(config)}/${name}`);

/** The object of those who follow an order or a floor. */
export const roomOf = (services: LiveServices, place: Place) => roomNamed(services, placeName(place));

/** A call of a room whose answer the request needs. @throws AppError 503 when there is none */
export const askRoom = <T>(call: Promise<T>): Promise<T> =>
  inTime(ROOM_TIMEOUT_MS, call).catch((error: unknown) => {
    throw unavailable(5, error);
  });

/** Tells the rooms of these orders and branches that there is something to read. One that does not answer looks for itself later. */
export async function announceTo(
  services: LiveServices,
  { orders, branches }: { orders: number[]; branches: number[] },
): Promise<void> {
  const names = [
    ...orders.map((id) => placeName({ kind: 'order', id })),
    ...branches.map((id) => placeName({ kind: 'branch', id })),
  ];
  if (names.length === 0) return;
  const rooms = await pumpOf(services.env, services.config)
    .listening(names)
    .catch(() => []);
  await Promise.allSettled(rooms.map((name) => roomNamed(services, name).announce(roomSource(services))));
}

/** Those whose sessions have ended a moment ago, by whatever command or trigger. */
const RECENTLY_ENDED = statement<{ user_id: number }>(sql`
  select distinct user_id from sessions where revoked_at > now() - interval '1 minute'`);

/**
 * After a command that may have ended somebody's access: the rooms that they are in, and those with staff and API keys, look who may
 * still be there.
 */
export function recheckSoon(call: Call): void {
  soon(call, 'recheck_live', async () => {
    const pump = pumpOf(call.env, call.config);
    if (!(await pump.hasListeners())) return {};
    const [ended] = await systemBatch(call)([RECENTLY_ENDED]);
    const rooms = await pump.roomsOf(
      ended.map(({ user_id }) => user_id),
      { andStaff: true },
    );
    await Promise.allSettled(rooms.map((name) => roomNamed(call, name).recheck(roomSource(call))));
    return { rooms: rooms.length };
  });
}
